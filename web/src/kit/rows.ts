/** One refused row of an uploaded table, as the server reports it. */
export interface RowError {
  sheet?: string | undefined
  row?: number | undefined
  column?: string | undefined
  message: string
}
