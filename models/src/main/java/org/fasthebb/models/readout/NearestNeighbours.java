package org.fasthebb.models.readout;

import static org.fasthebb.engine.Contraction.contract;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.learn.Normalisation;

/**
 * The k nearest neighbours: the labelled images whose features have the largest products with those
 * of an image vote for their classes. For features of unit length the products are cosines.
 *
 * @param rows normalised features (L, F) of the labelled images
 * @param labels their classes (L)
 * @param k how many vote, at least 1
 * @param classes the number of classes
 * @param normalisation of features
 */
public record NearestNeighbours(
    Tensor rows, Tensor labels, int k, int classes, Normalisation normalisation) {
  /** Name of the labelled images' features, in files. */
  public static final String ROWS = "knn.features";

  /** Name of their classes, in files. */
  public static final String LABELS = "knn.labels";

  /** Name of k, in files. */
  public static final String K = "knn.k";

  /** Numbers to choose from by validation. */
  private static final int[] GRID = {1, 3, 5, 10, 20, 50};

  /** The number without validation images. */
  private static final int USUAL = 5;

  /**
   * Checks that the features of the labelled images fit in memory, and in one array.
   *
   * @param memory in bytes, a quarter of which is left to all else
   * @throws DataException if they do not
   */
  public static void requireMemory(int rows, int features, long memory) {
    long values = (long) rows * features;
    if (values > Integer.MAX_VALUE || values * Float.BYTES > 0.75 * memory) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%,d features of each of %,d labelled images do not fit in memory; average maps to"
                  + " fewer means, ask for fewer labels, or choose the read-out ridge",
              features,
              rows));
    }
  }

  /** Learns the labels of the labelled images by heart. */
  public static NearestNeighbours fit(ReadOutData data) {
    TrainingRows rows = data.rows();
    float[] labels = new float[rows.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = rows.labels()[i];
    }
    var all =
        new NearestNeighbours(
            rows.all(),
            data.backend().of(labels, labels.length),
            Math.min(USUAL, labels.length),
            rows.classes(),
            data.normalisation());
    return data.hasValidation() ? all.chosen(data) : all;
  }

  /** The same with the k that classifies the most validation images; of equals, the smaller. */
  private NearestNeighbours chosen(ReadOutData data) {
    int[] ks = Arrays.stream(GRID).filter(k -> k == 1 || k <= rows.size(0)).toArray();
    int[] hits = new int[ks.length];
    var loader = data.loader(data.validation());
    loader.forEachBlock((x, from) -> {
      int[] truth = loader.labels(from, from + x.size(0));
      float[] products = products(x);
      float[] classOf = labels.toArray();
      for (int b = 0; b < truth.length; b++) {
        int[] nearest = nearest(products, classOf, b, ks[ks.length - 1]);
        for (int i = 0; i < ks.length; i++) {
          hits[i] += best(votes(nearest, ks[i])) == truth[b] ? 1 : 0;
        }
      }
    });
    int best =
        IntStream.range(0, ks.length).reduce((a, b) -> hits[b] > hits[a] ? b : a).orElseThrow();
    return new NearestNeighbours(rows, labels, ks[best], classes, normalisation);
  }

  private float[] products(Tensor x) {
    return contract("bs,as->ba", normalisation.of(x), rows).toArray();
  }

  /** The classes of the nearest images of row {@code b}, the nearest first. */
  private int[] nearest(float[] products, float[] classOf, int b, int count) {
    int size = rows.size(0);
    int[] found = new int[Math.min(count, size)];
    int known = 0;
    for (int i = 0; i < size; i++) {
      float product = products[b * size + i];
      if (known == found.length && !(product > products[b * size + found[known - 1]])) {
        continue;
      }
      int at = known < found.length ? known++ : known - 1;
      while (at > 0 && product > products[b * size + found[at - 1]]) {
        found[at] = found[at - 1];
        at--;
      }
      found[at] = i;
    }
    return Arrays.stream(found).map(i -> (int) classOf[i]).toArray();
  }

  /** The votes of each class; of equal ones, that with the nearest image gets more. */
  private float[] votes(int[] nearest, int voters) {
    float[] votes = new float[classes];
    for (int rank = 0; rank < Math.min(voters, nearest.length); rank++) {
      int label = nearest[rank];
      votes[label] += votes[label] == 0 ? 1 + 0.5f / (1 + rank) : 1;
    }
    return votes;
  }

  private static int best(float... votes) {
    int best = 0;
    for (int c = 1; c < votes.length; c++) {
      best = votes[c] > votes[best] ? c : best;
    }
    return best;
  }

  /** Scores (b, classes) of features (b, F) that are not normalised. */
  public Tensor scores(Tensor features) {
    int count = features.size(0);
    float[] products = products(features);
    float[] classOf = labels.toArray();
    float[] scores = new float[count * classes];
    for (int b = 0; b < count; b++) {
      int[] nearest = nearest(products, classOf, b, k);
      System.arraycopy(votes(nearest, k), 0, scores, b * classes, classes);
    }
    Tensor out = features.backend().empty(count, classes);
    out.write(scores);
    return out;
  }

  /** Everything that scores depend on, by name. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    named.put(ROWS, rows);
    named.put(LABELS, labels);
    named.put(K, rows.backend().of(new float[] {k}, 1));
    named.putAll(normalisation.tensors());
    return named;
  }
}
