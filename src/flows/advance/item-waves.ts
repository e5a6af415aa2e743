/** The numbers of items (from 1) that go together: those of equal order, and the smaller order first. */
export function itemWaves(orders: readonly number[]): readonly (readonly number[])[] {
  const waves = new Map<number, number[]>();
  orders.forEach((order, index) => {
    const wave = waves.get(order);
    if (wave === undefined) waves.set(order, [index + 1]);
    else wave.push(index + 1);
  });
  return [...waves].sort(([a], [b]) => a - b).map(([, numbers]) => numbers);
}
