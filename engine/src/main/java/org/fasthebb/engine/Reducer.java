package org.fasthebb.engine;

/**
 * Adds the sums of all shards of a batch. When each shard is computed by a process of its own, a
 * reducer lets every process continue with the sums of the whole batch.
 */
@FunctionalInterface
public interface Reducer {
  /** The reducer of a batch that is not split: it leaves sums unchanged. */
  Reducer IDENTITY = _ -> {};

  /**
   * Adds the other shards' sums to these, in place. All shards call this equally often, with
   * tensors of the same shapes, and end up with the same sums.
   */
  void reduce(Tensor... sums);
}
