/** Keys longer than this are not worth the memory of what they stand for. */
const longestKey = 4000;

/** What was made lately, by everything that it was made of; the least recently used goes. */
export class Recent<Value> {
  private readonly kept = new Map<string, Value>();
  constructor(private readonly most: number) {}

  /** What is kept under the key, else what is made now. What throws is not kept. */
  get(key: string, make: () => Value): Value {
    if (key.length > longestKey) return make();
    const known = this.kept.get(key);
    if (known !== undefined) this.kept.delete(key);
    const value = known ?? make();
    this.kept.set(key, value);
    if (this.kept.size > this.most) {
      const [oldest] = this.kept.keys();
      if (oldest !== undefined) this.kept.delete(oldest);
    }
    return value;
  }
}
