package org.fasthebb.engine;

/**
 * Where sums over the batch meet. When a batch is split into shards, each of which is computed by a
 * process of its own, a reducer adds the sums of all shards, so that every process goes on with
 * those of the whole batch.
 */
@FunctionalInterface
public interface Reducer {
  /** For a batch that is not split: sums stay as they are. */
  Reducer IDENTITY = _ -> {};

  /**
   * Adds the other shards' sums to these, in place. All shards call this equally often, with
   * tensors of the same shapes, and end up with the same sums.
   */
  void reduce(Tensor... sums);
}
