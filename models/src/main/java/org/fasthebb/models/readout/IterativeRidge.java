package org.fasthebb.models.readout;

import static org.fasthebb.engine.Contraction.contract;
import static org.fasthebb.engine.Contraction.contractAdd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.FeatureFile;
import org.fasthebb.models.learn.Classifier;
import org.fasthebb.models.linalg.Cholesky;

/**
 * {@link RidgeSystem Ridge regression} for so many images and features that its equations would
 * take too much time and memory: conjugate gradients (Hestenes and Stiefel, 1952), which only
 * multiply rows by C vectors, and C vectors by rows, in each step.
 *
 * <p>W (C, F) solves W (Z^T Z + penalty I) = T^T Z. A step multiplies by the matrix on the left
 * without computing it: W Z^T Z is a pass over the rows. That alone would take hundreds of steps.
 * With a preconditioner, a matrix that is near to this one and easy to solve, it takes ten to
 * twenty: some rows S (m, F) stand for all n, so n/m S^T S + floor I is near, and its inverse is
 *
 * <p>(I - S^T (S S^T + floor m/n I)^-1 S) / floor, with no more than m equations, as in FALKON
 * (Rudi, Carratino and Rosasco, 2017).
 */
final class IterativeRidge {
  /** The most rows that stand for all in the preconditioner. */
  private static final int SAMPLE = 4096;

  /**
   * The preconditioner's floor, as a multiple of the penalty. The sample knows nothing of
   * directions in which only other rows differ: the floor stands for these, and for the penalty.
   */
  private static final double FLOOR = 3;

  /** Ends when the residual of no class is longer than this part of its right-hand side. */
  private static final double TOLERANCE = 1e-4;

  /** The most steps. Only a penalty near the precision of float32 would take more. */
  private static final int STEPS = 100;

  private final TrainingRows rows;
  private final RidgeMoments moments;
  private final Backend backend;

  /** Z (n, F) in blocks of rows; null if it does not fit, and is read from its file each time. */
  private final List<Tensor> kept;

  /** S (m, F). */
  private final Tensor sample;

  /** S S^T (m, m). */
  private final double[] sampleProducts;

  /** The sum of |z_b|^2. */
  private final double squares;

  /** The last solution, from which the next one begins; null before the first. */
  private Classifier last;

  /** Reads the rows twice, and keeps those of a file if memory has room for them. */
  IterativeRidge(TrainingRows rows) {
    this(rows, SAMPLE, fits(rows));
  }

  private static boolean fits(TrainingRows rows) {
    double z = (double) rows.size() * rows.width() * Float.BYTES;
    double all = z + bytes(rows.width(), rows.classes());
    // Features that do not come from a file are in memory already.
    return rows.features() instanceof FeatureFile && all <= 0.75 * rows.backend().memory();
  }

  /** The same with at most {@code most} rows that stand for all. */
  IterativeRidge(TrainingRows rows, int most, boolean keep) {
    this.rows = rows;
    backend = rows.backend();
    moments = new RidgeMoments(rows);
    int apart = Math.ceilDiv(rows.size(), most);
    sample = backend.zeros(Math.ceilDiv(rows.size(), apart), rows.width());
    kept = keep ? new ArrayList<>() : null;
    double[] sum = {0};
    rows.forEachBlock((x, from) -> {
      Tensor z = moments.centred(x, from);
      sum[0] += z.sumOfSquares(0, 1).toArray()[0];
      for (int b = Math.ceilDiv(from, apart) * apart; b < from + z.size(0); b += apart) {
        Tensor row = z.slice(0, b - from, b - from + 1);
        sample.slice(0, b / apart, b / apart + 1).assign(row);
      }
      if (keep) {
        Tensor block = backend.zeros(z.size(0), z.size(1));
        kept.add(block.assign(z));
      }
    });
    squares = sum[0];
    try (Scope _ = backend.scope()) {
      sampleProducts = RidgeSystem.doubles(contract("as,bs->ab", sample, sample));
    }
  }

  /**
   * About the memory that this takes without Z, in bytes: the sample, its products with a copy and
   * a Cholesky factor, a block of rows as it is read, normalised and centred, and W with the
   * vectors of a step, for two solutions.
   */
  static double bytes(int features, int classes) {
    double vectors = SAMPLE + 8.0 * TrainingRows.BLOCK + 16.0 * classes;
    return vectors * features * Float.BYTES + 3.0 * SAMPLE * SAMPLE * Double.BYTES;
  }

  /** Whether the sample fits into one array. */
  static boolean fitsArrays(int features) {
    return (long) SAMPLE * features <= Integer.MAX_VALUE;
  }

  /** Passes all of Z, a few rows at a time. */
  private void forEachBlock(Consumer<Tensor> block) {
    if (kept == null) {
      rows.forEachBlock((x, from) -> block.accept(moments.centred(x, from)));
      return;
    }
    for (Tensor z : kept) {
      try (Scope _ = backend.scope()) {
        block.accept(z);
      }
    }
  }

  /**
   * Solves the equations.
   *
   * @param weight the penalty, as a multiple of the mean |z|^2; over 0
   * @throws ArithmeticException if the weight is too small for the precision of float32
   */
  Classifier solve(double weight) {
    double penalty = moments.penalty(weight, squares);
    Preconditioner preconditioner = new Preconditioner(FLOOR * penalty);
    Tensor w = backend.zeros(rows.classes(), rows.width());
    try (Scope _ = backend.scope()) {
      Tensor bound = moments.products.sumOfSquares(1).timesAssign((float) (TOLERANCE * TOLERANCE));
      Tensor r = moments.products.copy();
      if (last != null) {
        w.assign(last.weight());
        r.addAssign(product(w, penalty).timesAssign(-1));
      }
      Tensor q = preconditioner.of(r);
      Tensor p = q.copy();
      Tensor rq = dot(r, q);
      for (int step = 0; isLonger(r, bound); step++) {
        if (step == STEPS) {
          throw new ArithmeticException("no solution after " + STEPS + " steps");
        }
        try (Scope _ = backend.scope()) {
          Tensor ap = product(p, penalty);
          Tensor length = rq.div(dot(p, ap).zeroToOne()); // of the step along p
          w.addProduct(p, length);
          r.addProduct(ap, length.times(-1));
          Tensor next = preconditioner.of(r);
          Tensor nextDot = dot(r, next);
          p.timesAssign(nextDot.div(rq.zeroToOne())).addAssign(next);
          rq.assign(nextDot);
        }
      }
    }
    last = moments.classifier(w);
    return last;
  }

  /** Whether |r|^2 (C, 1) of a class is over a bound. */
  private static boolean isLonger(Tensor r, Tensor bound) {
    float[] lengths = r.sumOfSquares(1).toArray();
    float[] bounds = bound.toArray();
    boolean longer = false;
    for (int c = 0; c < lengths.length; c++) {
      if (!(lengths[c] < Float.POSITIVE_INFINITY)) {
        throw new ArithmeticException("a residual of length " + lengths[c]);
      }
      longer |= lengths[c] > bounds[c];
    }
    return longer;
  }

  /** v (Z^T Z + penalty I) of v (C, F). */
  private Tensor product(Tensor v, double penalty) {
    Tensor out = v.times((float) penalty);
    forEachBlock(z -> contractAdd(out, "bn,bs->ns", contract("bs,ns->bn", z, v), z));
    return out;
  }

  /** The sums (C, 1) of a b over features. */
  private static Tensor dot(Tensor a, Tensor b) {
    return a.times(b).sum(1);
  }

  /** floor (n/m S^T S + floor I)^-1; a factor changes no step. */
  private final class Preconditioner {
    private final Cholesky factor;

    Preconditioner(double floor) {
      int m = sample.size(0);
      double shift = floor * m / rows.size();
      factor = Cholesky.of(sampleProducts, m, shift, backend::parallel);
    }

    /** The product with v (C, F). */
    Tensor of(Tensor v) {
      int m = sample.size(0);
      int classes = v.size(0);
      float[] right = contract("ns,as->an", v, sample).toArray();
      double[][] solution = new double[m][classes];
      for (int i = 0; i < right.length; i++) {
        solution[i / classes][i % classes] = right[i];
      }
      factor.solve(solution, backend::parallel);
      for (int i = 0; i < right.length; i++) {
        right[i] = (float) solution[i / classes][i % classes];
      }
      Tensor coefficients = backend.empty(m, classes);
      coefficients.write(right);
      return v.minus(contract("an,as->ns", coefficients, sample));
    }
  }
}
