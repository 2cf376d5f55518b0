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
 * features it needs at most 128 MiB for the similarities of a block (but at least one row of them)
 * where the features are, as much for their copy in Java arrays, and 64 MiB for what a product
 * packs of each operand: less than half a GiB, however many queries there are.
 *
 * <p>Results are the same bits for any number of threads.
 */
public final class Search {
  /** Similarities of a block of queries. */
  private static final int SIMILARITIES = 1 << 25;

  /** Features of either operand of one product. */
  private static final int OPERAND = 1 << 24;

  /** Queries that a task looks at: what it allocates is used that often. */
  private static final int ROWS = 16;

  private final Backend backend;
  private final Tensor database;
  private final Distance distance;
  private final float[] images;
  private final int block;
  private final int part;

  /**
   * A search in a database.
   *
   * @param database features (N, F) of at least one image; read, not copied
   * @throws IllegalArgumentException in one sentence, if it is empty, or features are not finite
   */
  public Search(Tensor database, Distance distance) {
    this(database, distance, SIMILARITIES, OPERAND);
  }

  /**
   * As above, with other limits.
   *
   * @param similarities of a block of queries
   * @param operand features of either operand of one product
   */
  Search(Tensor database, Distance distance, int similarities, int operand) {
    if (database.rank() != 2 || database.size() == 0) {
      throw new IllegalArgumentException(
          "a database is features (N, F) of at least one image, but this is " + database.layout());
    }
    this.database = database;
    this.distance = distance;
    backend = database.backend();
    images = squares(database, "image", "database");
    for (int i = 0; i < images.length; i++) {
      images[i] = distance.ofImage(images[i]);
    }
    part = Math.max(1, operand / database.size(1));
    block = Math.clamp(similarities / images.length, 1, part);
  }

  /** Number of images of the database. */
  public int size() {
    return images.length;
  }

  /** Looks at queries, one after the other. */
  public interface Visitor {
    /**
     * Called for one query.
     *
     * @param similarities to image i of the database at {@code from + i}, larger if nearer; valid
     *     until the call ends
     * @param scale what {@link #distance} wants of the query
     */
    void see(int query, float[] similarities, int from, float scale);
  }

  /**
   * Shows the similarities of each query (Q, F) to a visitor, once. Visitors are asked for by
   * several threads at once, and each of them is used by one thread at a time.
   *
   * @throws IllegalArgumentException in one sentence, if the queries have another number of
   *     features, or features are not finite
   */
  public void compare(Tensor queries, Supplier<? extends Visitor> visitors) {
    if (queries.rank() != 2 || queries.size(1) != database.size(1)) {
      throw new IllegalArgumentException(
          "queries "
              + queries.layout()
              + " cannot be searched in a database "
              + database.layout()
              + "; both are features (images, F)");
    }
    float[] scales = squares(queries, "query", "search");
    for (int q = 0; q < scales.length; q++) {
      scales[q] = distance.ofQuery(scales[q]);
    }
    float[] products = {};
    for (int from = 0; from < scales.length; from += block) {
      int count = Math.min(block, scales.length - from);
      if (products.length != count * size()) {
        products = new float[count * size()];
      }
      multiply(queries.slice(0, from, from + count), products);
      show(products, from, count, scales, visitors);
    }
  }

  /** The distance that a similarity to a query stands for. */
  public float distance(float similarity, float scale) {
    return distance.distance(similarity, scale);
  }

  /** Products of some queries with all images. */
  private void multiply(Tensor queries, float[] products) {
    try (Scope _ = backend.scope()) {
      Tensor rows = backend.empty(queries.size(0), size());
      for (int from = 0; from < size(); from += part) {
        int to = Math.min(size(), from + part);
        contractInto(rows.slice(1, from, to), "qf,nf->qn", queries, database.slice(0, from, to));
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

  /** |x|^2 of each row. */
  private static float[] squares(Tensor features, String what, String where) {
    try (Scope _ = features.backend().scope()) {
      float[] squares = features.sumOfSquares(1).toArray();
      for (int i = 0; i < squares.length; i++) {
        if (!Float.isFinite(squares[i])) {
          throw new IllegalArgumentException(
              ("%s %d of the %s has features that are not finite, or too large to be squared; the"
                      + " network they come from may have diverged")
                  .formatted(what, i, where));
        }
      }
      return squares;
    }
  }
}
