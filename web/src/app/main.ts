import 'element-plus/es/components/base/style/css'
import '../kit/house.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { keptLang, setLang } from '../base/lang'
import AppShell from './AppShell.vue'
import { keptElder, setElder } from '../kit/elder'
import { makeRouter } from './router'

const app = createApp(AppShell)
app.use(createPinia())
setElder(keptElder())
await setLang(keptLang() ?? 'zh-Hans')
const router = makeRouter()
app.use(router)
app.mount('#app')
