package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.random;
import static org.fasthebb.hebb.Tensors.rows;
import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.FeedbackRule.NaiveFeedback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patches are mixed of known sources, and neurons must find them. */
class SourcesTest {
  private static final int B = 3000;

  /** An orthonormal basis of S vectors. */
  private static double[][] basis(long seed, int s) {
    return orthonormal(rows(random(seed, s, s)));
  }

  /** The next value of a source. */
  private interface Source {
    double next(Random random, int number);
  }

  /** A sparse (Laplacian) value of variance 1. */
  private static double laplacian(Random random) {
    double size = -Math.log(1 - random.nextDouble()) / Math.sqrt(2);
    return random.nextBoolean() ? size : -size;
  }

  /** Values (K, B) of sources. */
  private static double[][] sources(int count, Source source) {
    Random random = new Random(5);
    double[][] values = new double[count][B];
    for (int b = 0; b < B; b++) {
      for (int k = 0; k < count; k++) {
        values[k][b] = source.next(random, k);
      }
    }
    return values;
  }

  /** Makes rows orthonormal, by Gram-Schmidt. */
  private static double[][] orthonormal(double[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      for (int m = 0; m < i; m++) {
        double along = PaperReference.dot(rows[i], rows[m]);
        for (int j = 0; j < rows[i].length; j++) {
          rows[i][j] -= along * rows[m][j];
        }
      }
      double norm = PaperReference.norm(rows[i]);
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] /= norm;
      }
    }
    return rows;
  }

  /** Patches x_b = sum_k scale values_kb directions_k. */
  private static Tensor mixed(double[][] values, double scale, double[][] directions) {
    int s = directions[0].length;
    float[] x = new float[B * s];
    for (int k = 0; k < directions.length; k++) {
      for (int b = 0; b < B; b++) {
        for (int j = 0; j < s; j++) {
          x[b * s + j] += (float) (scale * values[k][b] * directions[k][j]);
        }
      }
    }
    return Tensors.CPU.of(x, B, s);
  }

  /** Patches that are white to the last digit, sum_b x_b x_b^T = B I. */
  private static Tensor white(double[][] basis, Source source) {
    return mixed(orthonormal(sources(basis.length, source)), Math.sqrt(B), basis);
  }

  private static void learn(HebbianRule rule, Tensor x, Tensor w, int steps, float eta) {
    Tensor y = Tensors.CPU.zeros(x.size(0), w.size(0));
    for (int step = 0; step < steps; step++) {
      rule.learn(x, w, y, eta);
    }
  }

  private static double cosine(double[] a, double[] b) {
    return PaperReference.dot(a, b) / PaperReference.norm(a) / PaperReference.norm(b);
  }

  /** Fails unless each source has a neuron of its own, up to its sign. */
  private static void assertSeparated(double[][] sources, Tensor w) {
    boolean[] taken = new boolean[w.size(0)];
    double[][] neurons = rows(w);
    for (double[] source : sources) {
      int best = 0;
      for (int i = 1; i < neurons.length; i++) {
        double nearer = Math.abs(cosine(source, neurons[i]));
        best = nearer > Math.abs(cosine(source, neurons[best])) ? i : best;
      }
      assertTrue(!taken[best], "one neuron for two sources");
      taken[best] = true;
      assertEquals(1, Math.abs(cosine(source, neurons[best])), 0.01, "neuron " + best);
      assertEquals(1, PaperReference.norm(neurons[best]), 0.1, "norm of neuron " + best);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void icaSeparatesSparseSources(long seed) {
    double[][] basis = basis(seed, 6);
    Tensor x = white(basis, (random, _) -> laplacian(random));
    Tensor w = weights(seed + 10, 6, 6);
    learn(new Ica(), x, w, 1500, 0.1f);
    assertSeparated(basis, w);
  }

  @Test
  void icaSeparatesInItsNaiveForm() {
    double[][] basis = basis(1, 4);
    Tensor x = white(basis, (random, _) -> laplacian(random));
    Tensor w = weights(11, 4, 4);
    learn(new NaiveFeedback(new Ica()), x, w, 600, 0.2f);
    assertSeparated(basis, w);
  }

  /** Fewer neurons than values: they must leave the space of their first weights. */
  @Test
  void icaFindsTheSparseSourcesAmongGaussianOnes() {
    double[][] basis = basis(4, 6);
    Tensor x = white(basis, (random, k) -> k < 2 ? laplacian(random) : random.nextGaussian());
    Tensor w = weights(14, 2, 6);
    learn(new Ica(), x, w, 3000, 0.1f);
    assertSeparated(new double[][] {basis[0], basis[1]}, w);
  }

  /** White outputs say nothing about sources, so the subspace rule cannot find them. */
  @Test
  void theSubspaceRuleDoesNotSeparate() {
    double[][] basis = basis(1, 6);
    Tensor x = white(basis, (random, _) -> laplacian(random));
    Tensor w = weights(11, 6, 6);
    learn(new Subspace(), x, w, 1500, 0.1f);
    assertThrows(AssertionError.class, () -> assertSeparated(basis, w));
  }

  /** 12 directions in 8 dimensions, which neurons with orthogonal weights cannot find. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void sparseCodingRecoversAnOvercompleteDictionary(long seed) {
    double[][] directions = rows(Norms.directions(random(seed, 12, 8)));
    Source seldom = (random, _) -> random.nextInt(12) == 0 ? 1 + 2 * random.nextDouble() : 0;
    Tensor x = mixed(sources(12, seldom), 1, directions);
    Tensor w = weights(seed + 10, 18, 8);
    learn(new SparseCoding(0.5f), x, w, 400, 1);
    for (double[] direction : directions) {
      double best = -1;
      for (double[] neuron : rows(w)) {
        best = Math.max(best, cosine(direction, neuron));
      }
      assertTrue(best > 0.97, "the nearest neuron has a cosine of " + best);
    }
  }

  /** dW is minus the gradient of the energy by the weights, for the codes as they are. */
  @Test
  void sparseCodingFollowsItsEnergy() {
    Tensor x = random(1, 40, 6);
    Tensor w = weights(2, 9, 6);
    float lambda = 0.3f;
    double[][] codes = rows(new SparseCoding(lambda).codes(x, w));
    Statistics statistics = new SparseCoding(lambda).statistics(w, 40);
    statistics.observe(x);
    double[][] delta = rows(statistics.delta());
    float h = 1f / 128;
    for (int n = 0; n < 9; n++) {
      for (int s = 0; s < 6; s++) {
        double[] sides = new double[2];
        for (int side = 0; side < 2; side++) {
          Tensor moved = w.copy();
          moved
              .slice(0, n, n + 1)
              .slice(1, s, s + 1)
              .addAssign(Tensors.CPU.zeros(1, 1).fill(side == 0 ? -h : h));
          sides[side] = new RuleReference(x, moved).energy(codes, lambda);
        }
        assertEquals((sides[0] - sides[1]) / (2 * h), delta[n][s], 1e-4);
      }
    }
  }

  /** At the minimum, active neurons are at their threshold and the others at most there. */
  @Test
  void codesMinimiseTheEnergy() {
    Tensor x = random(1, 50, 20);
    Tensor w = weights(2, 12, 20);
    float lambda = 0.5f;
    double[][] codes = rows(new SparseCoding(lambda).codes(x, w));
    RuleReference reference = new RuleReference(x, w);
    double least = reference.energy(codes, lambda);
    Random random = new Random(3);
    for (int trial = 0; trial < 200; trial++) {
      double[][] others = new double[50][12];
      for (int b = 0; b < 50; b++) {
        for (int i = 0; i < 12; i++) {
          others[b][i] = Math.max(0, codes[b][i] + 0.05 * random.nextGaussian());
        }
      }
      assertTrue(reference.energy(others, lambda) > least, "trial " + trial);
    }
  }

  @Test
  void normsApproachOneBySparseCoding() {
    Tensor x = random(1, 500, 10);
    for (float scale : new float[] {0.3f, 3}) {
      Tensor w = weights(2, 10, 10).timesAssign(scale);
      learn(new SparseCoding(0.5f), x, w, 800, 0.3f);
      for (double[] neuron : rows(w)) {
        assertEquals(1, PaperReference.norm(neuron), 0.05);
      }
    }
  }

  /** Also where neurons are many, patches are large and weights start long. */
  @Test
  void weightsStayFinite() {
    Tensor x = random(1, 300, 12).timesAssign(3);
    for (HebbianRule rule : new HebbianRule[] {new Ica(), new SparseCoding()}) {
      for (int n : new int[] {3, 12, 40}) {
        Tensor w = weights(2, n, 12).timesAssign(3);
        learn(rule, x, w, 200, 1e-3f);
        for (double[] neuron : rows(w)) {
          double norm = PaperReference.norm(neuron);
          assertTrue(norm < 10, rule + " " + n + " neurons: " + norm);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
  void refusals(float sparsity) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new SparseCoding(sparsity)).getMessage();
    assertTrue(message.contains("sparsity is " + sparsity), message);
  }
}
