package org.fasthebb.models.retrieval;

import org.fasthebb.engine.Tensor;

/**
 * For each query, the k images of a database that are nearest to it, nearest first. Of equally near
 * images, the one with the lower index comes first.
 */
public final class Neighbours {
  private final int k;
  private final int[] indices;
  private final float[] distances;

  private Neighbours(int k, int queries) {
    this.k = k;
    indices = new int[Math.multiplyExact(queries, k)];
    distances = new float[indices.length];
  }

  /**
   * The neighbours of queries (Q, F).
   *
   * @param k at least 1; all images, if there are fewer
   * @throws IllegalArgumentException as {@link Search#compare} does, or if k is below 1
   */
  public static Neighbours of(Search search, Tensor queries, int k) {
    Neighbours found = new Neighbours(count(search, k), queries.size(0));
    search.compare(queries, () -> found.visitor(search));
    return found;
  }

  /** The smaller of k and the number of images. */
  static int count(Search search, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k is " + k + "; it must be at least 1");
    }
    return Math.min(k, search.size());
  }

  private Search.Visitor visitor(Search search) {
    TopK best = new TopK(k);
    return (query, similarities, from, scale) -> {
      long[] keys = best.select(similarities, from, search.size());
      for (int rank = 0; rank < k; rank++) {
        indices[query * k + rank] = Keys.index(keys[rank]);
        distances[query * k + rank] = search.distance(Keys.similarity(keys[rank]), scale);
      }
    };
  }

  /** The number of neighbours of each query. */
  public int k() {
    return k;
  }

  /** The index in the database of a query's neighbour; rank 0 is the nearest. */
  public int index(int query, int rank) {
    return indices[query * k + rank];
  }

  /** The distance of a query to its neighbour; rank 0 is the nearest. */
  public float distance(int query, int rank) {
    return distances[query * k + rank];
  }
}
