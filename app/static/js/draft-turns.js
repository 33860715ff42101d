// One save after the other: two of one tab on their way at once would be taken for those of two tabs.
export class Turns {
  // At most one waits: when its turn comes it takes what is written then.
  take(work) {
    if (!this.isWaiting) this.last = this.after(this.last, work);
    return this.last;
  }

  async after(last, work) {
    this.isWaiting = true;
    await last;
    this.isWaiting = false;
    await work();
  }
}
