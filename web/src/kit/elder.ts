// Settings for the eyes in front of this screen, kept on this computer.
import { ref } from 'vue'

const KEPT_UNDER = 'shuping.elder'
export const elder = ref(false)

export function setElder(on: boolean): void {
  elder.value = on
  document.documentElement.classList.toggle('elder', on)
  localStorage.setItem(KEPT_UNDER, on ? '1' : '')
}

export function keptElder(): boolean {
  return localStorage.getItem(KEPT_UNDER) === '1'
}
