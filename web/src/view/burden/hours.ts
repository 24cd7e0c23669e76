/** "645" minutes → "10.8" hours, for the eye; the minutes stand in the tables. */
export function hours(minutes: string | number): string {
  return (Math.round(Number(minutes) / 6) / 10).toFixed(1)
}
