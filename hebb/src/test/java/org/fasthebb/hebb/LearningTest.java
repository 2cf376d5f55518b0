package org.fasthebb.hebb;

import static org.fasthebb.hebb.Tensors.assertClose;
import static org.fasthebb.hebb.Tensors.random;
import static org.fasthebb.hebb.Tensors.rows;
import static org.fasthebb.hebb.Tensors.weights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fasthebb.engine.Tensor;
import org.junit.jupiter.api.Test;

/** What rules learn from data whose structure is known. */
class LearningTest {
  private static final int B = 400;
  private static final int S = 6;

  /**
   * Patches whose variances along the axes are 9, 4, 1, .25, .25 and .25, so that the axes are the
   * principal components.
   */
  private static Tensor ellipsoid() {
    Tensor x = random(1, B, S);
    float[] deviations = {3, 2, 1, 0.5f, 0.5f, 0.5f};
    return x.times(Tensors.CPU.of(deviations, 1, S));
  }

  /** The leading eigenvectors (k, S) of sum_b x x^T, by orthogonal iteration in float64. */
  private static double[][] principal(Tensor x, int k) {
    double[][] v = rows(random(7, k, S));
    for (int step = 0; step < 500; step++) {
      double[][] next = new double[k][S];
      for (double[] patch : rows(x)) {
        for (int i = 0; i < k; i++) {
          double y = PaperReference.dot(v[i], patch);
          for (int j = 0; j < S; j++) {
            next[i][j] += y * patch[j];
          }
        }
      }
      for (int i = 0; i < k; i++) {
        for (int m = 0; m < i; m++) {
          double along = PaperReference.dot(next[i], next[m]);
          for (int j = 0; j < S; j++) {
            next[i][j] -= along * next[m][j];
          }
        }
        double norm = PaperReference.norm(next[i]);
        for (int j = 0; j < S; j++) {
          next[i][j] /= norm;
        }
      }
      v = next;
    }
    return v;
  }

  private static void learn(HebbianRule rule, Tensor x, Tensor w, int steps, float eta) {
    Tensor y = Tensors.CPU.zeros(x.size(0), w.size(0));
    for (int step = 0; step < steps; step++) {
      rule.learn(x, w, y, eta);
    }
  }

  @Test
  void everyNeuronFindsTheFirstPrincipalComponentByOja() {
    Tensor x = ellipsoid();
    double[] first = principal(x, 1)[0];
    for (HebbianRule rule : new HebbianRule[] {new Oja(), new Naive(new Oja())}) {
      Tensor w = weights(2, 3, S);
      learn(rule, x, w, 500, 0.02f);
      for (double[] neuron : rows(w)) {
        assertEquals(1, PaperReference.norm(neuron), 1e-5);
        assertEquals(1, Math.abs(PaperReference.dot(neuron, first)), 1e-5);
      }
    }
  }

  @Test
  void neuronsSpanThePrincipalSubspaceAndAreOrthonormal() {
    Tensor x = ellipsoid();
    double[][] leading = principal(x, 2);
    for (HebbianRule rule :
        new HebbianRule[] {new Subspace(), new FeedbackRule.NaiveFeedback(new Subspace())}) {
      Tensor w = weights(2, 2, S);
      learn(rule, x, w, 1000, 0.02f);
      double[][] neurons = rows(w);
      assertEquals(0, PaperReference.dot(neurons[0], neurons[1]), 1e-5);
      for (double[] neuron : neurons) {
        double inside = 0;
        for (double[] component : leading) {
          inside += Math.pow(PaperReference.dot(neuron, component), 2);
        }
        assertEquals(1, inside, 1e-5);
        assertEquals(1, PaperReference.norm(neuron), 1e-5);
      }
    }
  }

  @Test
  void onlyTheWinnerMovesAndReachesThePatch() {
    Tensor w = Tensors.CPU.of(new float[] {1, 0, 0, 0, 2, 0, 0, 0, 0.5f}, 3, 3);
    Tensor x = Tensors.CPU.of(new float[] {1, 3, 0, -1, 5, 2}, 2, 3);
    for (HebbianRule rule : new HebbianRule[] {new HardWta(), new Naive(new HardWta())}) {
      Tensor learned = w.copy();
      learn(rule, x, learned, 1, 1);
      float[] expected = {1, 0, 0, 0, 4, 1, 0, 0, 0.5f};
      assertArrayEquals(expected, learned.toArray(), 1e-6f, rule.toString());
    }
  }

  @Test
  void asManyNeuronsMoveAsWin() {
    Tensor w = Tensors.CPU.of(new float[] {1, 0, 0, 0, 2, 0, 0, 0, 0.5f}, 3, 3);
    Tensor x = Tensors.CPU.of(new float[] {1, 3, 2}, 1, 3);
    Tensor learned = w.copy();
    learn(new HardWta(2), x, learned, 1, 1);
    assertArrayEquals(new float[] {1, 0, 0, 1, 3, 2, 1, 3, 2}, learned.toArray(), 1e-6f);
    learn(new HardWta(3), x, learned, 1, 1);
    assertClose("all", x.broadcast(3, 3), learned, 1e-6);
  }

  /** At a low temperature the softmax is nearly 0 and 1. */
  @Test
  void hardWtaIsTheLimitOfSoftWta() {
    Tensor x = random(1, 60, 20);
    Tensor w = weights(2, 5, 20);
    Statistics soft = new SoftWta(1e-5f).statistics(w, 60);
    Statistics hard = new HardWta().statistics(w, 60);
    soft.observe(x);
    hard.observe(x);
    assertClose("delta", soft.delta(), hard.delta(), 1e-3);
  }

  @Test
  void normsApproachOneBySoftHebb() {
    Tensor x = random(1, 300, 20);
    Tensor w = weights(2, 5, 20).timesAssign(10);
    learn(new SoftHebb(1), x, w, 2000, 0.03f);
    for (double[] neuron : rows(w)) {
      assertEquals(1, PaperReference.norm(neuron), 0.05);
    }
  }

  /** Of two neurons, the one nearer to a patch turns towards it and the other away from it. */
  @Test
  void losersUnlearnBySoftHebb() {
    Tensor w = Tensors.CPU.of(new float[] {0.5f, 0, 0, 0.5f}, 2, 2);
    Tensor x = Tensors.CPU.of(new float[] {3, 1}, 1, 2);
    Tensor before = new SoftHebb(1).respond(x, w);
    learn(new SoftHebb(1), x, w, 1, 0.1f);
    float[] change = new SoftHebb(1).respond(x, w).minus(before).toArray();
    assertTrue(change[0] > 0 && change[1] < 0, change[0] + " " + change[1]);
  }

  @Test
  void neuronOfNormOneHardlyLearnsBySoftHebb() {
    Tensor w = Tensors.CPU.of(new float[] {1, 0, 0, 5}, 2, 2);
    assertArrayEquals(new float[] {1e-5f, 2}, SoftHebb.rates(w).toArray(), 1e-6f);
  }

  @Test
  void triangle() {
    Tensor u = Tensors.CPU.of(new float[] {1, 2, 6, -1, -1, -1}, 2, 1, 3);
    assertArrayEquals(new float[] {0, 0, 3, 0, 0, 0}, SoftHebb.triangle(u, 1).toArray());
    float[] root = {0, 0, (float) Math.sqrt(3), 0, 0, 0};
    assertArrayEquals(root, SoftHebb.triangle(u, 0.5f).toArray(), 1e-6f);
    float[] square = {0, 0, 9, 0, 0, 0};
    assertArrayEquals(square, SoftHebb.triangle(u, 2).toArray(), 1e-5f);
  }

  @Test
  void refusals() {
    refused("number of winners is 0", () -> new HardWta(0));
    refused("response is LINEAR", () -> new HardWta(1, Response.LINEAR));
    assertEquals(0, new SoftHebb(0).sharpness());
    refused("sharpness is -1.0", () -> new SoftHebb(-1));
    refused("sharpness is NaN", () -> new SoftHebb(Float.NaN));
    refused("power is 0.0", () -> SoftHebb.triangle(random(1, 2, 3), 0));
  }

  private static void refused(String hint, org.junit.jupiter.api.function.Executable wrong) {
    String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
    assertTrue(message.contains(hint), message);
  }
}
