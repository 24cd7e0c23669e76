// Every shared part on one page, so that the harness's self-test can look at them in a real browser.
import 'element-plus/es/components/base/style/css'
import '../../src/kit/house.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import GalleryPage from './GalleryPage.vue'

const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: GalleryPage }] })
createApp(GalleryPage).use(createPinia()).use(router).mount('#app')
