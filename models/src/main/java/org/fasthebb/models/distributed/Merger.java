package org.fasthebb.models.distributed;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Merges what shards add up to over all workers of a run. All workers call the same methods in the
 * same order, and get the same bits, which do not depend on the number of workers.
 *
 * <p>A sum of L values is reduced and scattered, then gathered: worker j adds up the j-th part of
 * the values, and sends the result to all. Each worker so sends and receives little more than 2 L
 * values, however many workers there are.
 */
public final class Merger {
  private final Shards shards;
  private final Transport transport;
  private final int rank;
  private final int workers;
  private final Map<Exchanged, Long> nanos = new EnumMap<>(Exchanged.class);
  private long valuesSent;

  /** What workers exchange. */
  enum Exchanged {
    /** Means and variances for batch norms. */
    MOMENTS,
    /** Inputs of layers that every worker learns from the whole batch. */
    INPUTS,
    /** Sums that are merged. */
    SUMS,
    /** What the first worker sends to all at the start. */
    START
  }

  /**
   * A merger.
   *
   * @throws IllegalArgumentException if there are more workers than shards
   */
  public Merger(Shards shards, Transport transport) {
    this.shards = shards;
    this.transport = transport;
    rank = transport.rank();
    workers = transport.workers();
    shards.first(rank, workers);
  }

  /** The shards of a batch. */
  public Shards shards() {
    return shards;
  }

  /** The first shard of this worker. */
  public int first() {
    return shards.first(rank, workers);
  }

  /** The end of this worker's shards, exclusive. */
  public int end() {
    return shards.first(rank + 1, workers);
  }

  /** Seconds that this worker has spent on exchanging something, without waiting for others. */
  double seconds(Exchanged what) {
    return nanos.getOrDefault(what, 0L) * 1e-9;
  }

  /** Seconds that this worker has waited for others, which were late. */
  double secondsWaiting() {
    return transport.nanosWaiting() * 1e-9;
  }

  /** Values of 4 bytes that this worker has sent. */
  long valuesSent() {
    return valuesSent;
  }

  /**
   * The sum over all shards.
   *
   * @param own the tree to which all shards of this worker have been added; its values are used up
   */
  float[] sum(MergeTree<float[]> own) {
    List<MergeTree.Node<float[]>> roots = own.roots();
    if (workers == 1) {
      return own.whole();
    }
    int length = roots.getFirst().value().length;
    float[] part = partOfSum(roots, length);
    float[][] out = new float[workers][];
    int[] lengths = new int[workers];
    for (int w = 0; w < workers; w++) {
      out[w] = part;
      lengths[w] = part(length, w + 1) - part(length, w);
    }
    float[][] parts = exchange(Exchanged.SUMS, out, lengths);
    parts[rank] = part;
    float[] sum = new float[length];
    for (int w = 0; w < workers; w++) {
      System.arraycopy(parts[w], 0, sum, part(length, w), parts[w].length);
    }
    return sum;
  }

  /** Where the part of a sum begins that a worker adds up. */
  private int part(int length, int worker) {
    return (int) ((long) length * worker / workers);
  }

  /** This worker's part of the sum over all shards. */
  private float[] partOfSum(List<MergeTree.Node<float[]>> roots, int length) {
    float[][] out = new float[workers][];
    int[] lengths = new int[workers];
    int own = part(length, rank + 1) - part(length, rank);
    for (int w = 0; w < workers; w++) {
      int from = part(length, w);
      int count = part(length, w + 1) - from;
      out[w] = new float[count * roots.size()];
      for (int i = 0; i < roots.size(); i++) {
        System.arraycopy(roots.get(i).value(), from, out[w], i * count, count);
      }
      lengths[w] = own * rootsOf(w).size();
    }
    float[][] in = exchange(Exchanged.SUMS, out, lengths);
    in[rank] = out[rank];
    MergeTree<float[]> all = MergeTree.ofSums();
    for (int w = 0; w < workers; w++) {
      int at = 0;
      for (MergeTree.Node<Void> root : rootsOf(w)) {
        float[] values = new float[own];
        System.arraycopy(in[w], at, values, 0, own);
        all.add(root.from(), root.size(), values);
        at += own;
      }
    }
    return all.whole();
  }

  private List<MergeTree.Node<Void>> rootsOf(int worker) {
    return MergeTree.roots(shards.first(worker, workers), shards.first(worker + 1, workers));
  }

  /**
   * The values of all shards, (P, L).
   *
   * @param what is gathered
   * @param own values of this worker's shards, all of the same length L
   */
  float[][] gather(Exchanged what, float[][] own) {
    int length = own[0].length;
    float[] sent = new float[Math.multiplyExact(own.length, length)];
    for (int i = 0; i < own.length; i++) {
      System.arraycopy(own[i], 0, sent, i * length, length);
    }
    float[][] out = new float[workers][];
    int[] lengths = new int[workers];
    for (int w = 0; w < workers; w++) {
      out[w] = sent;
      lengths[w] = (shards.first(w + 1, workers) - shards.first(w, workers)) * length;
    }
    float[][] in = exchange(what, out, lengths);
    in[rank] = sent;
    float[][] all = new float[shards.count()][length];
    for (int w = 0; w < workers; w++) {
      int first = shards.first(w, workers);
      for (int i = 0; i < lengths[w] / length; i++) {
        System.arraycopy(in[w], i * length, all[first + i], 0, length);
      }
    }
    return all;
  }

  /**
   * The values of worker 0, at all workers.
   *
   * @param own this worker's values, as many as worker 0 has
   */
  float[] broadcast(float[] own) {
    float[][] out = new float[workers][];
    int[] lengths = new int[workers];
    for (int w = 0; w < workers; w++) {
      out[w] = rank == 0 ? own : new float[0];
      lengths[w] = w == 0 ? own.length : 0;
    }
    float[][] in = exchange(Exchanged.START, out, lengths);
    return rank == 0 ? own : in[0];
  }

  private float[][] exchange(Exchanged what, float[][] out, int[] lengths) {
    if (workers == 1) {
      return new float[1][];
    }
    long start = System.nanoTime() - transport.nanosWaiting();
    float[][] in = transport.exchange(out, lengths);
    nanos.merge(what, System.nanoTime() - transport.nanosWaiting() - start, Long::sum);
    for (int w = 0; w < workers; w++) {
      valuesSent += w == rank ? 0 : out[w].length;
    }
    return in;
  }
}
