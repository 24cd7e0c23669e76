// Whether the screen is a phone's: tables become cards, what is rarely needed folds away.
import { onMounted, onUnmounted, ref, type Ref } from 'vue'

export function useNarrow(): Ref<boolean> {
  const screen = window.matchMedia('(max-width: 640px)')
  const narrow = ref(screen.matches)
  const look = (): void => { narrow.value = screen.matches }
  onMounted(() => { look(); screen.addEventListener('change', look) })
  onUnmounted(() => screen.removeEventListener('change', look))
  return narrow
}
