package org.fasthebb.models.retrieval;

import java.util.Arrays;
import org.fasthebb.engine.Tensor;

/**
 * How well a search finds images of the same class. An image of the database is <em>relevant</em>
 * to a query if it has its label; images are ranked by distance, equally distant ones by index.
 * Each score is a mean over all queries, from 0 to 1.
 *
 * <p>With rel_i = 1 if the image at rank i = 1, 2, ... is relevant and 0 if not, P_i = (rel_1 + ...
 * + rel_i) / i, and R the number of relevant images in the database, a query has
 *
 * <ul>
 *   <li>precision at k: P_k;
 *   <li>average precision at k: sum over i = 1 .. k of rel_i P_i / min(k, R), which is 1 if as many
 *       relevant images as possible come first;
 *   <li>average precision: the same over the whole ranking, sum over all i of rel_i P_i / R;
 *   <li>a class by its k nearest neighbours: the most frequent one among the first k, and of
 *       equally frequent ones the one that comes first in the ranking.
 * </ul>
 *
 * <p>A query to which nothing is relevant has an average precision of 0.
 *
 * @param k neighbours looked at: those asked for, or all if there are fewer
 * @param accuracy share of the queries whose class by neighbours is theirs
 * @param precisionAtK mean precision at k
 * @param mapAtK mean average precision at k
 * @param map mean average precision
 */
public record RetrievalScores(
    int k, double accuracy, double precisionAtK, double mapAtK, double map) {

  /**
   * Searches and computes the scores. Besides the memory of {@link Search}, each thread needs 16
   * bytes per image of the database.
   *
   * @param labels of the images of the database, at least 0
   * @param queries (Q, F), at least one
   * @param queryLabels of the queries
   * @param k at least 1
   * @throws IllegalArgumentException as {@link Search#compare} does, or if k is below 1, or labels
   *     are missing or negative
   */
  public static RetrievalScores of(
      Search search, int[] labels, Tensor queries, int[] queryLabels, int k) {
    int count = Neighbours.count(search, k);
    check(labels, search.size(), "the database");
    check(queryLabels, queries.size(0), "the queries");
    int classes = Arrays.stream(labels).max().getAsInt() + 1;
    Scores[] scores = new Scores[queryLabels.length];
    search.compare(
        queries,
        () -> {
          Ranking ranking = new Ranking(search.size());
          int[] votes = new int[classes];
          return (query, similarities, from, _) -> {
            long[] keys = ranking.sort(similarities, from);
            scores[query] = Scores.of(keys, labels, queryLabels[query], votes, count);
          };
        });
    return new RetrievalScores(
        count,
        Arrays.stream(scores).filter(Scores::correct).count() / (double) scores.length,
        Arrays.stream(scores).mapToDouble(Scores::precision).average().orElseThrow(),
        Arrays.stream(scores).mapToDouble(Scores::averageAtK).average().orElseThrow(),
        Arrays.stream(scores).mapToDouble(Scores::average).average().orElseThrow());
  }

  private static void check(int[] labels, int images, String what) {
    if (labels.length != images || images == 0) {
      throw new IllegalArgumentException(
          "%s labels do not fit the %s images of %s; each has one, and there is at least one"
              .formatted(labels.length, images, what));
    }
    for (int label : labels) {
      if (label < 0) {
        throw new IllegalArgumentException(
            "a label of %s is %s; it must be at least 0".formatted(what, label));
      }
    }
  }

  /** The scores of one query. */
  private record Scores(boolean correct, double precision, double averageAtK, double average) {
    /**
     * Computes the scores from a ranking.
     *
     * @param keys of the whole ranking
     * @param votes scratch space, one count per class
     */
    static Scores of(long[] keys, int[] labels, int label, int[] votes, int k) {
      int hits = 0;
      int hitsAtK = 0;
      double sum = 0;
      double sumAtK = 0;
      for (int i = 0; i < keys.length; i++) {
        if (labels[Keys.index(keys[i])] == label) {
          hits++;
          sum += (double) hits / (i + 1);
        }
        if (i == k - 1) {
          hitsAtK = hits;
          sumAtK = sum;
        }
      }
      return new Scores(
          vote(keys, labels, votes, k) == label,
          (double) hitsAtK / k,
          sumAtK / Math.max(1, Math.min(k, hits)),
          sum / Math.max(1, hits));
    }

    private static int vote(long[] keys, int[] labels, int[] votes, int k) {
      Arrays.fill(votes, 0);
      int most = 0;
      for (int i = 0; i < k; i++) {
        most = Math.max(most, ++votes[labels[Keys.index(keys[i])]]);
      }
      int first = 0;
      while (votes[labels[Keys.index(keys[first])]] < most) {
        first++;
      }
      return labels[Keys.index(keys[first])];
    }
  }
}
