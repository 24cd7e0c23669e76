/** What a FieldBox gives its control, without the attributes that a select's or date picker's frame may not carry. */
export function frameAria(aria: { id: string; 'aria-describedby': string | undefined }): { id: string; 'aria-describedby': string | undefined } {
  return { id: aria.id, 'aria-describedby': aria['aria-describedby'] }
}
