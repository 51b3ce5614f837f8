/** Whose wallet it is. Callers are not told apart yet, so there is one tenant. */
export const DEFAULT_SCOPE = 'default';
