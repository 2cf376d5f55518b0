package org.fasthebb.models.retrieval;

import static org.fasthebb.engine.Contraction.contractInto;

import java.util.function.Supplier;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * Compares queries with every image of a database.
 *
 * <p>Similarities are computed by matrix products, for a block of queries at a time. Besides the
 * features, the backend needs at most 128 MiB for the similarities of a block (but at least one row
 * of them) and 64 MiB for each packed operand of a product, and the Java heap needs another 128 MiB
 * for a copy of the similarities: less than half a GiB, for any number of queries. Cosines of rows
 * that are too small or too large to be squared need a copy of each operand, too.
 *
 * <p>Results are the same bits for any number of threads.
 */
public final class Search {
  /** The most similarities in a block of queries: 128 MiB. */
  private static final int SIMILARITIES = 1 << 25;

  /** The most features in either operand of one product: 64 MiB. */
  private static final int OPERAND = 1 << 24;

  /** Queries per task, which share the task's buffers. */
  private static final int ROWS = 16;

  private final Backend backend;
  private final FeatureRows database;
  private final int width;
  private final Distance distance;
  private final float[] images;
  private final int block;
  private final int part;

  /**
   * A search in a database.
   *
   * @param database features (N, F) of at least one image; read, not copied
   * @throws IllegalArgumentException if it is empty, or features are not finite
   */
  public Search(Tensor database, Distance distance) {
    this(database, distance, SIMILARITIES, OPERAND);
  }

  /**
   * A search with other limits, for tests.
   *
   * @param similarities the most in a block of queries
   * @param operand the most features in either operand of one product
   */
  Search(Tensor database, Distance distance, int similarities, int operand) {
    if (database.rank() != 2 || database.size() == 0) {
      throw new IllegalArgumentException(
          "a database needs features (N, F) of at least one image, but has " + database.layout());
    }
    this.database = new FeatureRows(database, distance, "image", "database");
    this.distance = distance;
    width = database.size(1);
    backend = database.backend();
    images = this.database.squares();
    for (int i = 0; i < images.length; i++) {
      images[i] = distance.ofImage(images[i]);
    }
    part = Math.max(1, operand / width);
    block = Math.clamp(similarities / images.length, 1, part);
  }

  /** Number of images of the database. */
  public int size() {
    return images.length;
  }

  /** Receives the similarities of queries, one query after the other. */
  public interface Visitor {
    /**
     * Called for one query.
     *
     * @param similarities to image i of the database at {@code from + i}, larger if nearer; valid
     *     until the call ends
     * @param scale the query's argument for {@link #distance}
     */
    void see(int query, float[] similarities, int from, float scale);
  }

  /**
   * Passes the similarities of each query (Q, F) to one visitor. Several threads call {@code
   * visitors} at once; each visitor is used by one thread at a time.
   *
   * @throws IllegalArgumentException if the queries have another number of features, or features
   *     are not finite
   */
  public void compare(Tensor queries, Supplier<? extends Visitor> visitors) {
    if (queries.rank() != 2 || queries.size(1) != width) {
      throw new IllegalArgumentException(
          "queries "
              + queries.layout()
              + " cannot be searched in a database ["
              + size()
              + ", "
              + width
              + "]; both are features (images, F)");
    }
    FeatureRows rows = new FeatureRows(queries, distance, "query", "search");
    float[] scales = rows.squares();
    for (int q = 0; q < scales.length; q++) {
      scales[q] = distance.ofQuery(scales[q]);
    }
    float[] products = {};
    for (int from = 0; from < scales.length; from += block) {
      int count = Math.min(block, scales.length - from);
      if (products.length != count * size()) {
        products = new float[count * size()];
      }
      multiply(rows, from, from + count, products);
      show(products, from, count, scales, visitors);
    }
  }

  /** The distance that a similarity to a query stands for. */
  public float distance(float similarity, float scale) {
    return distance.distance(similarity, scale);
  }

  /** Products of queries first .. last-1 with all images. */
  private void multiply(FeatureRows queries, int first, int last, float[] products) {
    try (Scope _ = backend.scope()) {
      Tensor block = queries.slice(first, last);
      Tensor rows = backend.empty(last - first, size());
      for (int from = 0; from < size(); from += part) {
        int to = Math.min(size(), from + part);
        try (Scope _ = backend.scope()) {
          contractInto(rows.slice(1, from, to), "qf,nf->qn", block, database.slice(from, to));
        }
      }
      rows.read(products);
    }
  }

  private void show(
      float[] products,
      int first,
      int count,
      float[] scales,
      Supplier<? extends Visitor> visitors) {
    backend.parallel(
        Math.ceilDiv(count, ROWS),
        task -> {
          Visitor visitor = visitors.get();
          int end = Math.min(count, (task + 1) * ROWS);
          for (int row = task * ROWS; row < end; row++) {
            float scale = scales[first + row];
            int from = row * size();
            distance.similarities(products, from, images, scale);
            visitor.see(first + row, products, from, scale);
          }
        });
  }
}
