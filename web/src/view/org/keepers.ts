import type { Role } from '../../api/session'

/** Who keeps the roster: imports and exports it. */
export const KEEPERS: readonly Role[] = ['sec_admin', 'organiser_clerk']
