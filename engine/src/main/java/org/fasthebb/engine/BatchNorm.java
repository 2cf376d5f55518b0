package org.fasthebb.engine;

import java.util.Arrays;
import java.util.List;

/**
 * Batch normalisation over all axes but the last, as in PyTorch: y = gamma (x - mean) / sqrt(var +
 * eps) + beta, eps 1e-5, running statistics with momentum 0.1 and the unbiased variance.
 *
 * <p>The <em>modified</em> form of the authors' Hebbian networks also multiplies by sqrt((rv + eps)
 * / (mean(rv) + eps)), rv being the running variance after this batch: features keep their relative
 * variance. That factor counts as a constant in the gradient.
 */
public final class BatchNorm {
  /** Added to variances. */
  public static final float EPSILON = 1e-5f;

  /** Weight of the newest batch in the running statistics. */
  public static final float MOMENTUM = 0.1f;

  private final boolean modified;
  private final Tensor gamma;
  private final Tensor beta;
  private final Tensor runningMean;
  private final Tensor runningVariance;

  /** A batch norm of {@code n} channels: scale 1, shift 0, running mean 0, running variance 1. */
  public BatchNorm(Backend backend, int n, boolean modified) {
    this.modified = modified;
    gamma = backend.zeros(n).fill(1);
    beta = backend.zeros(n);
    runningMean = backend.zeros(n);
    runningVariance = backend.zeros(n).fill(1);
  }

  /** Whether this is the authors' modified form. */
  public boolean isModified() {
    return modified;
  }

  /** Scale (n). */
  public Tensor gamma() {
    return gamma;
  }

  /** Shift (n). */
  public Tensor beta() {
    return beta;
  }

  /** Running mean (n). */
  public Tensor runningMean() {
    return runningMean;
  }

  /** Running unbiased variance (n). */
  public Tensor runningVariance() {
    return runningVariance;
  }

  /**
   * sqrt((rv + eps) / (mean(rv) + eps)), (n), for the modified form; 1, (1), for the plain form.
   */
  public Tensor factor() {
    if (!modified) {
      return runningVariance.backend().empty(1).fill(1);
    }
    Tensor mean = runningVariance.sum().timesAssign(1f / runningVariance.size());
    return runningVariance.plus(EPSILON).div(mean.plus(EPSILON)).sqrt();
  }

  private static Tensor inverseDeviation(Tensor variance) {
    Tensor one = variance.backend().empty(1).fill(1);
    return one.div(variance.plus(EPSILON).sqrt());
  }

  /** x (.., n) normalised by the running statistics. */
  public Tensor evaluate(Tensor x) {
    Tensor factor = factor();
    Tensor scale = gamma.times(factor).times(inverseDeviation(runningVariance));
    Tensor shift = beta.times(factor).minus(runningMean.times(scale));
    return affine(checked(x), scale, shift);
  }

  /**
   * x (.., n) normalised by its own statistics, which also move the running ones.
   *
   * @throws IllegalArgumentException if there is only one value per channel
   */
  public Step train(Tensor x) {
    return train(x, Reducer.IDENTITY);
  }

  /**
   * A shard x (.., n) of a batch normalised by the statistics of the whole batch, which also move
   * the running ones. All shards must have the same running mean.
   *
   * @param reducer adds the shards' sums; the identity if x is the whole batch
   * @throws IllegalArgumentException if there is only one value per channel in a whole batch, or
   *     none in a shard
   */
  public Step train(Tensor x, Reducer reducer) {
    boolean whole = reducer.equals(Reducer.IDENTITY);
    Tensor in = checked(x);
    int n = gamma.size();
    int rows = x.size() / n;
    if (rows < (whole ? 2 : 1)) {
      throw new IllegalArgumentException(
          "batch norm needs at least "
              + (whole ? "2 values" : "1 value")
              + " per channel to train, but x is "
              + x.layout());
    }
    Backend backend = x.backend();
    Tensor mean = backend.empty(n);
    Tensor variance = backend.empty(n);
    x.device().moments(in, mean, variance);
    Tensor inverse = backend.empty(n);
    Tensor factor = backend.empty(n);
    Tensor scale = backend.empty(n);
    Tensor shift = backend.empty(n);
    Tensor count = null;
    if (whole) {
      float unbiased = (float) ((double) rows / (rows - 1));
      x.device().batchNorm(this, mean, variance, unbiased, inverse, factor, scale, shift);
    } else {
      count = reduceMoments(mean, variance, rows, reducer);
      Tensor unbiased = variance.times(count.div(count.plus(-1)));
      moveRunning(mean, unbiased.timesAssign(MOMENTUM));
      coefficients(mean, variance, inverse, factor, scale, shift);
    }
    Tensor output = affine(in, scale, shift);
    return new Step(in, output, mean, inverse, scale, factor, reducer, count);
  }

  /**
   * Shards (.., n) of a batch normalised by the moments of the whole batch, which also move the
   * running ones.
   *
   * @param mean of the batch (n)
   * @param variance of the batch (n), the biased one
   * @param rows number of rows of the batch, at least 2
   */
  public List<Tensor> train(List<Tensor> shards, Tensor mean, Tensor variance, long rows) {
    Tensor[] made = new Tensor[4]; // inverse, factor, scale and shift
    Arrays.setAll(made, _ -> mean.backend().empty(mean.size()));
    float unbiased = (float) ((double) rows / (rows - 1));
    mean.device().batchNorm(this, mean, variance, unbiased, made[0], made[1], made[2], made[3]);
    return shards.stream().map(x -> affine(checked(x), made[2], made[3])).toList();
  }

  /** Moves the running statistics, the variance by what is given of the new one. */
  void moveRunning(Tensor mean, Tensor variance) {
    runningMean.timesAssign(1 - MOMENTUM).addAssign(mean.times(MOMENTUM));
    runningVariance.timesAssign(1 - MOMENTUM).addAssign(variance);
  }

  /** Fills the coefficients of a batch; see {@link Device#batchNorm}. */
  void coefficients(
      Tensor mean, Tensor variance, Tensor inverse, Tensor factor, Tensor scale, Tensor shift) {
    factor.assign(factor());
    inverse.assign(inverseDeviation(variance));
    scale.assign(gamma.times(factor).times(inverse));
    shift.assign(beta.times(factor).minus(mean.times(scale)));
  }

  /**
   * Turns a shard's mean and variance into those of the batch, through sums that add up: the count,
   * and the sums of d and d^2 with d = x - running mean. Subtracting the squared mean of d loses
   * few digits, because the batch's mean is near the running mean.
   *
   * @return the batch's number of rows (1)
   */
  private Tensor reduceMoments(Tensor mean, Tensor variance, int rows, Reducer reducer) {
    int n = mean.size();
    Tensor d = mean.minus(runningMean);
    Tensor sums = mean.backend().empty(2 * n + 1);
    Tensor sum = sums.slice(0, 0, n).assign(d).timesAssign(rows);
    Tensor squares = sums.slice(0, n, 2 * n).assign(variance.plus(d.square())).timesAssign(rows);
    Tensor count = sums.slice(0, 2 * n, 2 * n + 1).fill(rows);
    reducer.reduce(sums);
    Tensor offset = sum.div(count);
    mean.assign(offset.plus(runningMean));
    variance.assign(squares.div(count).minus(offset.square()).relu());
    return count;
  }

  private Tensor checked(Tensor x) {
    if (x.rank() < 2 || x.size(-1) != gamma.size()) {
      throw new IllegalArgumentException(
          "batch norm has " + gamma.size() + " channels, but x is " + x.layout());
    }
    return x.contiguous();
  }

  static Tensor affine(Tensor x, Tensor scale, Tensor shift) {
    Tensor out = x.backend().empty(x.shape());
    x.device().affine(x, scale, shift, out);
    return out;
  }

  /** One training pass and what its adjoint needs. */
  public static final class Step {
    private final Tensor x;
    private final Tensor output;
    private final Tensor mean;
    private final Tensor inverse;
    private final Tensor scale;
    private final Tensor factor;
    private final Reducer reducer;

    /** Rows of the batch (1), or null if x is the whole batch. */
    private final Tensor count;

    private Step(
        Tensor x,
        Tensor output,
        Tensor mean,
        Tensor inverse,
        Tensor scale,
        Tensor factor,
        Reducer reducer,
        Tensor count) {
      this.x = x;
      this.output = output;
      this.mean = mean;
      this.inverse = inverse;
      this.scale = scale;
      this.factor = factor;
      this.reducer = reducer;
      this.count = count;
    }

    /** y, in x's shape. */
    public Tensor output() {
      return output;
    }

    /**
     * The gradients at the scale, the shift and x, for a gradient dy at the output.
     *
     * @param atX whether that at x is needed
     */
    Gradients adjoint(Tensor dy, boolean atX) {
      return new Gradients(dy, atX);
    }

    /** The adjoint of this pass. */
    final class Gradients {
      private final Tensor d;
      private final Tensor sum;
      private final Tensor sumOfProducts;

      /** The gradient at x; null for a shard, which does not know the whole batch's sums yet. */
      private final Tensor dx;

      private Gradients(Tensor dy, boolean atX) {
        int n = mean.size();
        int rows = x.size() / n;
        d = dy.contiguous().reshape(rows, n);
        Backend backend = x.backend();
        Tensor sums = backend.empty(2, n);
        dx = atX && count == null ? backend.empty(rows, n) : null;
        backend.device().batchNormBackward(x.reshape(rows, n), d, mean, inverse, scale, sums, dx);
        sum = sums.slice(0, 0, 1).reshape(n);
        sumOfProducts = sums.slice(0, 1, 2).reshape(n);
      }

      /** sum over this shard's rows of dy, times the modified form's factor. */
      Tensor beta() {
        return sum.times(factor);
      }

      /** sum over this shard's rows of dy x^, times the modified form's factor. */
      Tensor gamma() {
        return sumOfProducts.times(factor);
      }

      /** scale (dy - mean(dy) - x^ mean(dy x^)), with the means over the whole batch. */
      Tensor x() {
        if (count == null) {
          return dx.reshape(x.shape());
        }
        int n = sum.size();
        Tensor sums = sum.backend().empty(2 * n);
        Tensor all = sums.slice(0, 0, n).assign(sum);
        Tensor allOfProducts = sums.slice(0, n, 2 * n).assign(sumOfProducts);
        reducer.reduce(sums);
        Tensor perRow = scale.div(count).timesAssign(-1);
        Tensor normalized =
            affine(x, inverse, mean.times(inverse).timesAssign(-1)).reshape(d.shape());
        return affine(d, scale, all.times(perRow))
            .addProduct(normalized, allOfProducts.times(perRow))
            .reshape(x.shape());
      }
    }
  }
}
