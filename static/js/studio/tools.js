export function start(studio) {}
