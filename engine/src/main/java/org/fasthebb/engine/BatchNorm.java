package org.fasthebb.engine;

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

  /** For {@code n} channels: scale 1, shift 0, running mean 0, running variance 1. */
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

  /** sqrt((rv + eps) / (mean(rv) + eps)), or 1 for the plain form. */
  private Tensor factor() {
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
    Tensor in = checked(x);
    int n = gamma.size();
    int rows = x.size() / n;
    if (rows < 2) {
      throw new IllegalArgumentException(
          "batch norm needs at least 2 values per channel to train, but x is " + x.layout());
    }
    Backend backend = x.backend();
    Tensor mean = backend.empty(n);
    Tensor variance = backend.empty(n);
    backend.device().moments(in, mean, variance);
    runningMean.timesAssign(1 - MOMENTUM).addAssign(mean.times(MOMENTUM));
    float unbiased = (float) ((double) rows / (rows - 1));
    runningVariance.timesAssign(1 - MOMENTUM).addAssign(variance.times(MOMENTUM * unbiased));
    Tensor factor = factor();
    Tensor inverse = inverseDeviation(variance);
    Tensor scale = gamma.times(factor).times(inverse);
    Tensor shift = beta.times(factor).minus(mean.times(scale));
    return new Step(in, affine(in, scale, shift), mean, inverse, scale, factor);
  }

  private Tensor checked(Tensor x) {
    if (x.rank() < 2 || x.size(-1) != gamma.size()) {
      throw new IllegalArgumentException(
          "batch norm has " + gamma.size() + " channels, but x is " + x.layout());
    }
    return x.contiguous();
  }

  private static Tensor affine(Tensor x, Tensor scale, Tensor shift) {
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

    private Step(
        Tensor x, Tensor output, Tensor mean, Tensor inverse, Tensor scale, Tensor factor) {
      this.x = x;
      this.output = output;
      this.mean = mean;
      this.inverse = inverse;
      this.scale = scale;
      this.factor = factor;
    }

    /** y, in x's shape. */
    public Tensor output() {
      return output;
    }

    /** What a gradient dy at the output is to the scale, the shift and x. */
    Gradients adjoint(Tensor dy) {
      return new Gradients(dy);
    }

    /** The adjoint of this pass. */
    final class Gradients {
      private final Tensor d;
      private final Tensor normalized;
      private final Tensor sum;
      private final Tensor sumOfProducts;

      private Gradients(Tensor dy) {
        int n = mean.size();
        int rows = x.size() / n;
        d = dy.contiguous().reshape(rows, n);
        // x^ = (x - mean) / sqrt(var + eps)
        Tensor shift = mean.times(inverse).timesAssign(-1);
        normalized = affine(x, inverse, shift).reshape(rows, n);
        sum = d.sum(0).reshape(n);
        sumOfProducts = d.times(normalized).sum(0).reshape(n);
      }

      /** sum over rows of dy, times the modified form's factor. */
      Tensor beta() {
        return sum.times(factor);
      }

      /** sum over rows of dy x^, times the modified form's factor. */
      Tensor gamma() {
        return sumOfProducts.times(factor);
      }

      /** scale (dy - mean(dy) - x^ mean(dy x^)). */
      Tensor x() {
        Tensor perRow = scale.times(-1f / d.size(0));
        Tensor dx = affine(d, scale, sum.times(perRow));
        return dx.addProduct(normalized, sumOfProducts.times(perRow)).reshape(x.shape());
      }
    }
  }
}
