/** Chance from a seed: the same people and groups on every machine. */

export interface Seeded {
  /** 0 … n-1 */
  int(n: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** Mulberry32, begun from a seed and a name, so that person 7 is the same person among ten and among ten thousand. */
export function seeded(seed: number, name: string): Seeded {
  let state = seed >>> 0;
  // FNV-1a.
  for (let i = 0; i < name.length; i += 1) state = Math.imul(state ^ name.charCodeAt(i), 0x01_00_01_93) >>> 0;
  const next = () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (n: number) => Math.floor(next() * n);
  return { int, pick: (list) => list[int(list.length)] ?? list[0] };
}
