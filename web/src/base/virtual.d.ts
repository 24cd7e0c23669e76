declare module 'virtual:traditional' {
  const words: Record<string, string>
  export default words
}
