package org.fasthebb.models.learn;

import static org.fasthebb.engine.Contraction.contract;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.BatchNorm;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.SecondMoments;

/**
 * What a classifier does to features before it weighs them.
 *
 * @param norm gives each feature mean 0 and variance 1; null for none
 * @param whitening symmetric matrix (F, F) that then makes them uncorrelated; null for none
 * @param unitLength whether the features of an image are then divided by their length
 */
public record Normalisation(BatchNorm norm, Tensor whitening, boolean unitLength) {
  /** Changes nothing. */
  public static final Normalisation NONE = new Normalisation(null, null, false);

  /** Name of the features' means, in files. */
  public static final String MEAN = "norm.running_mean";

  /** Name of the features' variances, in files. */
  public static final String VARIANCE = "norm.running_var";

  /** Name of the matrix that whitens features, in files. */
  public static final String WHITENING = "norm.whitening";

  /** Added to lengths: of features whose length is 0 nothing is left to divide. */
  public static final float LEAST_LENGTH = 1e-30f;

  /** Features of mean 0 and variance 1 by statistics that {@link #fit} has yet to compute. */
  public static Normalisation blank(Backend backend, int features, boolean unitLength) {
    return new Normalisation(new BatchNorm(backend, features, false), null, unitLength);
  }

  /** From now on, normalises features by their mean and variance over all examples. */
  public void fit(DataLoader examples) {
    Tensor mean = norm.runningMean().fill(0);
    Tensor variance = norm.runningVariance().fill(0);
    float share = 1f / examples.size();
    examples.forEachBlock((x, _) -> {
      mean.addAssign(x.sum(0).reshape(mean.size()).timesAssign(share));
      variance.addAssign(x.sumOfSquares(0).reshape(mean.size()).timesAssign(share));
    });
    try (Scope _ = mean.backend().scope()) {
      variance.addAssign(mean.square().timesAssign(-1)).reluAssign();
    }
  }

  /**
   * Checks that the matrix of {@link #whitened} can be computed: sums with their strips, the
   * inverse square root, what it is computed from, and the tensor.
   *
   * @param memory in bytes, a quarter of which is left to all else
   * @throws DataException if there is not enough memory, or a matrix is too large for an array
   */
  public static void requireMemory(int features, long memory) {
    double elements = (double) features * features;
    double bytes = elements * (3 * Double.BYTES + 2 * Float.BYTES);
    if (elements > Integer.MAX_VALUE || bytes > 0.75 * memory) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "whitening of %,d features takes %.1f GB of memory, and Java has %.1f GB; average"
                  + " maps to fewer means, or leave features correlated",
              features,
              bytes / 1e9,
              memory / 1e9));
    }
  }

  /**
   * The same with features that are uncorrelated: multiplied by (A + epsilon I)^-1/2, for their
   * covariances A over all examples after {@link #fit}.
   *
   * @param epsilon over 0
   * @throws IllegalArgumentException if epsilon is less than rounding errors
   */
  public Normalisation whitened(DataLoader examples, float epsilon) {
    Backend backend = norm.runningMean().backend();
    int features = norm.runningMean().size();
    SecondMoments moments = new SecondMoments(backend, features);
    examples.forEachBlock((x, _) -> moments.add(norm.evaluate(x)));
    double[] covariances = moments.times(1.0 / examples.size());
    try {
      Tensor matrix = SecondMoments.whitening(backend, covariances, epsilon);
      return new Normalisation(norm, matrix, unitLength);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          ("the epsilon of whitened features is %s, less than rounding errors in their covariances;"
                  + " choose a larger one, such as 0.1")
              .formatted(epsilon),
          e);
    }
  }

  /** The statistics by name. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    if (norm != null) {
      named.put(MEAN, norm.runningMean());
      named.put(VARIANCE, norm.runningVariance());
    }
    if (whitening != null) {
      named.put(WHITENING, whitening);
    }
    return named;
  }

  /** Normalised features (b, F). */
  public Tensor of(Tensor features) {
    Tensor scaled = norm == null ? features : norm.evaluate(features);
    if (whitening != null) {
      scaled = contract("bs,st->bt", scaled, whitening);
    }
    return unitLength ? scaled.div(scaled.sumOfSquares(1).sqrt().plus(LEAST_LENGTH)) : scaled;
  }
}
