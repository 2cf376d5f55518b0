package org.fasthebb.models.distributed;

/**
 * The shards of every batch of a run: equal parts, in order. Their number P is part of the run's
 * identity, since it decides the last bits of sums.
 *
 * @param count P, a power of two
 */
public record Shards(int count) {
  /** Checks the number. */
  public Shards {
    if (Integer.bitCount(count) != 1 || count < 1) {
      throw new IllegalArgumentException(
          "the number of shards is " + count + "; it must be a power of two, such as 8");
    }
  }

  /** The first shard of a worker; that of worker {@code workers} is the end. */
  public int first(int worker, int workers) {
    if (workers < 1 || workers > count) {
      throw new IllegalArgumentException(
          "%s workers can't share %s shards: use 1 to %s workers, or more shards"
              .formatted(workers, count, count));
    }
    return (int) ((long) worker * count / workers);
  }

  /** The worker that a shard belongs to. */
  public int workerOf(int shard, int workers) {
    int worker = 0;
    while (first(worker + 1, workers) <= shard) {
      worker++;
    }
    return worker;
  }

  /**
   * Images of a batch in each shard.
   *
   * @throws IllegalArgumentException if the shards of the batch would not be equal
   */
  public int imagesOf(int batch) {
    if (batch < count || batch % count != 0) {
      throw new IllegalArgumentException(
          "a batch of %s images can't be cut into %s equal shards; use a multiple of %s"
              .formatted(batch, count, count));
    }
    return batch / count;
  }
}
