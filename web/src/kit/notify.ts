// A short word that something went well, at the bottom, where it hides no title; what goes wrong stands in an ErrorNote where it happened.
import { ElMessage } from 'element-plus/es/components/message/index'
import 'element-plus/es/components/message/style/css'

export function said(sentence: string): void {
  ElMessage({ message: sentence, type: 'success', duration: 4000, showClose: true, plain: true, placement: 'bottom' })
}
