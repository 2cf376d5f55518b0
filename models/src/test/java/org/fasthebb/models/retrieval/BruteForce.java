package org.fasthebb.models.retrieval;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The expected results of a search, computed directly from the definitions in double precision. */
final class BruteForce {
  private final float[][] database;
  private final Distance distance;

  BruteForce(float[][] database, Distance distance) {
    this.database = database;
    this.distance = distance;
  }

  double distance(float[] q, int image) {
    float[] d = database[image];
    return switch (distance) {
      case COSINE -> {
        double norms = Math.sqrt(dot(q, q) * dot(d, d));
        yield 1 - (norms == 0 ? 0 : dot(q, d) / norms);
      }
      case EUCLIDEAN -> {
        double sum = 0;
        for (int i = 0; i < q.length; i++) {
          sum += ((double) q[i] - d[i]) * ((double) q[i] - d[i]);
        }
        yield Math.sqrt(sum);
      }
    };
  }

  private static double dot(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> (double) a[i] * b[i]).sum();
  }

  /** All images, nearest first. */
  int[] ranking(float[] query) {
    return IntStream.range(0, database.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> distance(query, i))) // stable
        .mapToInt(i -> i)
        .toArray();
  }

  /** Sum over i = 1 .. k of rel_i P_i, divided by min(k, R). */
  static double averagePrecision(int[] ranking, int[] labels, int label, int k) {
    double sum = 0;
    for (int i = 1; i <= k; i++) {
      if (labels[ranking[i - 1]] == label) {
        sum += precision(ranking, labels, label, i);
      }
    }
    long relevant = IntStream.of(labels).filter(l -> l == label).count();
    return relevant == 0 ? 0 : sum / Math.min(k, relevant);
  }

  static double precision(int[] ranking, int[] labels, int label, int k) {
    return IntStream.range(0, k).filter(i -> labels[ranking[i]] == label).count() / (double) k;
  }

  /** The most frequent class among the first k; of several, the one that comes first. */
  static int vote(int[] ranking, int[] labels, int k) {
    int best = labels[ranking[0]];
    for (int i = 0; i < k; i++) {
      int candidate = labels[ranking[i]];
      if (precision(ranking, labels, candidate, k) > precision(ranking, labels, best, k)) {
        best = candidate;
      }
    }
    return best;
  }
}
