package org.fasthebb.models.distributed;

import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Reducer;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.network.Convolution;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.network.Norm;
import org.fasthebb.models.network.Sequence;
import org.fasthebb.models.network.Stage;

/**
 * Steps a network from batches that are cut into shards. Each worker has a network of its own and
 * computes its shards layer by layer; where sums over the batch are needed, workers merge theirs,
 * and so they all keep the same weights.
 *
 * <pre>{@code
 * ShardedLearner learner = new ShardedLearner(network, 1e-3f, new Merger(shards, transport));
 * try (Scope _ = network.backend().scope()) {
 *   learner.learn(images); // one tensor (b / P, side, side, c) for each shard of this worker
 * }
 * }</pre>
 *
 * <p>With a single shard, a step is that of {@link Network#learn}. With more, it is the same up to
 * rounding.
 */
public final class ShardedLearner {
  private final Network network;
  private final Backend backend;
  private final float eta;
  private final Merger merger;

  /**
   * A learner.
   *
   * @param network the same at all workers
   * @param eta learning rate
   * @throws IllegalArgumentException if the network has branches, which shards cannot train
   */
  public ShardedLearner(Network network, float eta, Merger merger) {
    requireOneBranch(network);
    this.network = network;
    this.eta = eta;
    this.merger = merger;
    backend = network.backend();
  }

  /** Refuses a network with branches. */
  static void requireOneBranch(Network network) {
    if (network.hasBranches()) {
      throw new IllegalArgumentException(
          "shards cannot train the branches of the network %s; choose another network"
              .formatted(network.architecture().name()));
    }
  }

  /**
   * Takes one step from a whole batch. Needs an open scope.
   *
   * @param images of this worker's shards, in order: (b / P, side, side, c) each
   * @return their features (b / P, F), by the weights before the step
   * @throws LostWorkerException in one sentence, if another worker is lost
   */
  public List<Tensor> learn(List<Tensor> images) {
    int own = merger.end() - merger.first();
    if (images.size() != own) {
      throw new IllegalArgumentException(
          "this worker has %s shards, but images of %s were given".formatted(own, images.size()));
    }
    if (merger.shards().count() == 1) {
      return List.of(network.learn(images.getFirst(), eta, Sequence.Observer.NONE));
    }
    List<Tensor> x = images;
    for (Stage stage : network.joinedStages()) {
      x =
          switch (stage) {
            case Convolution layer -> learn(layer, x);
            case Norm norm -> learn(norm, x);
            default -> x.stream().map(stage::evaluate).toList();
          };
    }
    return x.stream().map(y -> y.reshape(y.size(0), y.size() / y.size(0))).toList();
  }

  private List<Tensor> learn(Convolution layer, List<Tensor> shards) {
    return gathers(layer, shards.getFirst())
        ? learnGathered(layer, shards)
        : learnMerged(layer, shards);
  }

  private boolean gathers(Convolution layer, Tensor x) {
    boolean connected = layer.kernel() == x.size(1) && layer.kernel() == x.size(2);
    long batch = (long) merger.shards().count() * x.size(0);
    int n = layer.weights().size(0);
    return connected && GatherOrSum.gathers(batch, n, layer.weights().size() / n);
  }

  /** Every worker takes the step of the whole batch. */
  private List<Tensor> learnGathered(Convolution layer, List<Tensor> shards) {
    float[][] own = shards.stream().map(Tensor::toArray).toArray(float[][]::new);
    float[][] all = merger.gather(Merger.Exchanged.INPUTS, own);
    int each = shards.getFirst().size(0);
    int[] shape = shards.getFirst().shape();
    shape[0] = all.length * each;
    Tensor whole = backend.empty(shape);
    for (int shard = 0; shard < all.length; shard++) {
      whole.slice(0, shard * each, (shard + 1) * each).write(all[shard]);
    }
    Tensor y = layer.learn(whole, eta, Reducer.IDENTITY);
    List<Tensor> out = new ArrayList<>();
    for (int shard = merger.first(); shard < merger.end(); shard++) {
      out.add(y.slice(0, shard * each, (shard + 1) * each));
    }
    return out;
  }

  /** Every worker observes its shards; the step is taken from the sums over all of them. */
  private List<Tensor> learnMerged(Convolution layer, List<Tensor> shards) {
    MergeTree<float[]> tree = MergeTree.ofSums();
    List<Tensor> out = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      try (Scope scope = backend.scope()) {
        Convolution.ShardSums observed = layer.observe(shards.get(i));
        out.add(scope.keep(observed.output()));
        List<Tensor> sums = observed.statistics().tensors();
        tree.add(merger.first() + i, 1, values(sums));
        if (i + 1 == shards.size()) {
          write(merger.sum(tree), sums);
          layer.step(observed.statistics(), eta);
        }
      }
    }
    return out;
  }

  /** All values of some tensors, one after another. */
  static float[] values(List<Tensor> tensors) {
    float[] values = new float[tensors.stream().mapToInt(Tensor::size).sum()];
    int at = 0;
    for (Tensor tensor : tensors) {
      System.arraycopy(tensor.toArray(), 0, values, at, tensor.size());
      at += tensor.size();
    }
    return values;
  }

  /** Writes what {@link #values} gave. */
  static void write(float[] values, List<Tensor> tensors) {
    int at = 0;
    for (Tensor tensor : tensors) {
      float[] own = new float[tensor.size()];
      System.arraycopy(values, at, own, 0, own.length);
      tensor.write(own);
      at += own.length;
    }
  }

  private List<Tensor> learn(Norm norm, List<Tensor> shards) {
    float[][] own = shards.stream().map(x -> norm.moments(x).toArray()).toArray(float[][]::new);
    Tensor x = shards.getFirst();
    long rows = x.size() / x.size(-1);
    MergeTree<Moments> tree = new MergeTree<>(Moments::plus);
    float[][] all = merger.gather(Merger.Exchanged.MOMENTS, own);
    for (int shard = 0; shard < all.length; shard++) {
      tree.add(shard, 1, Moments.of(all[shard], rows));
    }
    Tensor moments = backend.empty(2, x.size(-1));
    moments.write(tree.whole().values());
    return norm.learn(shards, moments, rows * all.length);
  }
}
