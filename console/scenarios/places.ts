/** Places within the view that are no scenario; no scenario's name begins with a tilde. */
export const newScenario = '~new';
export const oneShot = '~one-shot';
