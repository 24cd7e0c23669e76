/** A chosen org or person: the number the server wants and the name the reader knows. */
export interface Named {
  id: number
  name: string
}
