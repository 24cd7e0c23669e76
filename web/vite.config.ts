import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vitest/config'
import { booth } from './booth/maker/pages.ts'
import { traditional } from './tool/traditional.ts'

export default defineConfig({
  base: '/',
  plugins: [
    vue(),
    // Only Element Plus parts that a template names are shipped, each with its own style sheet.
    components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
    traditional(),
    booth(),
  ],
  build: {
    outDir: 'dist',
    // The page's security policy knows no inline script and no data: fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // What every page needs changes rarely and stays in the browser's cache across releases.
        codeSplitting: {
          groups: [
            { name: 'vue', test: /node_modules[\\/](@?vue|vue-router|pinia)[\\/]/, priority: 20 },
            { name: 'chart', test: /node_modules[\\/](echarts|zrender)[\\/]/, priority: 10 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
  test: {
    environment: 'happy-dom',
    include: ['{src,tool,booth}/**/*_test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})
