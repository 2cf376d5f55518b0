package org.fasthebb.models.pack;

import java.util.concurrent.atomic.AtomicInteger;
import org.fasthebb.models.data.ImageSource;

/** Counts how often images are read. */
final class Counted extends Wrapped {
  private final AtomicInteger reads;

  Counted(ImageSource images, AtomicInteger reads) {
    super(images);
    this.reads = reads;
  }

  @Override
  public void read(int index, byte[] into, int at) {
    reads.incrementAndGet();
    super.read(index, into, at);
  }
}
