package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.CPU;
import static org.fasthebb.engine.Tensors.assertClose;
import static org.fasthebb.engine.Tensors.assertExact;
import static org.fasthebb.engine.Tensors.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * What the tape does beside calling the adjoints of single operations: accumulation, constants,
 * values, refusals.
 */
class TapeTest {
  private final Tape tape = new Tape();

  @Test
  void aVariableUsedTwiceAccumulates() {
    Variable x = tape.parameter(CPU.of(new float[] {2, 3}, 2));
    Variable y = tape.plus(tape.times(x, x), x); // x^2 + x
    tape.backward(tape.sum(tape.plus(y, x)));
    assertArrayEquals(new float[] {6, 8}, x.gradient().toArray());
  }

  @Test
  void gradientsOfSharedIntermediateValuesAddUpBeforeTheyGoOn() {
    Variable x = tape.parameter(CPU.of(new float[] {2}, 1));
    Variable y = tape.times(x, x);
    tape.backward(tape.times(y, y)); // x^4
    assertArrayEquals(new float[] {32}, x.gradient().toArray());
    assertArrayEquals(new float[] {8}, y.gradient().toArray());
  }

  /**
   * A sum and a reshaped value pass on the gradient that they were given. Nothing may change it,
   * since others use it too.
   */
  @Test
  void gradientsThatAreHandedOnStayAsTheyWere() {
    Variable x = tape.parameter(CPU.of(new float[] {1, 2, 3, 4}, 4));
    Variable bias = tape.parameter(CPU.of(new float[] {1, 1}, 2));
    Variable y = tape.reshape(x, 2, 2);
    Variable z = tape.plus(y, bias);
    Variable u = tape.plus(z, y);
    Tensor given = CPU.of(new float[] {1, 2, 3, 4}, 2, 2);
    tape.backward(u, given);
    assertArrayEquals(new float[] {1, 2, 3, 4}, given.toArray());
    assertArrayEquals(new float[] {1, 2, 3, 4}, u.gradient().toArray());
    assertArrayEquals(new float[] {1, 2, 3, 4}, z.gradient().toArray());
    assertArrayEquals(new float[] {2, 4, 6, 8}, y.gradient().toArray());
    assertArrayEquals(new float[] {2, 4, 6, 8}, x.gradient().toArray());
    assertArrayEquals(new float[] {4, 6}, bias.gradient().toArray());
  }

  @Test
  void gradientsOfStretchedOperandsAreSummedOverAllThatWasStretched() {
    Variable image = tape.parameter(random(1, 2, 3, 4, 5));
    Variable row = tape.parameter(random(2, 5));
    Variable column = tape.parameter(random(3, 3, 1, 1));
    Tensor dy = Tensors.integers(4, 2, 3, 4, 5);
    tape.backward(tape.plus(tape.plus(image, row), column), dy);
    assertExact("row", Tensors.doubles(dy.reshape(24, 5).sum(0).reshape(5)), row.gradient());
    Tensor sums = dy.reshape(2, 3, 20).sum(2).sum(0);
    assertExact("column", Tensors.doubles(sums), column.gradient());
    assertArrayEquals(dy.toArray(), image.gradient().toArray());
  }

  @Test
  void constantsAndWhatTheLossDoesNotDependOnGetNoGradient() {
    Variable x = tape.parameter(random(1, 3));
    Variable c = tape.constant(random(2, 3));
    Variable unused = tape.parameter(random(3, 3));
    tape.times(unused, unused);
    tape.backward(tape.sum(tape.times(x, c)));
    assertArrayEquals(c.value().toArray(), x.gradient().toArray());
    assertNull(c.gradient());
    assertNull(unused.gradient());
  }

  @Test
  void gradientMayBeGivenAtTheOutput() {
    Variable x = tape.parameter(random(1, 3, 2));
    Tensor dy = random(2, 3, 2);
    Variable y = tape.relu(x);
    tape.backward(y, dy.copy());
    double[] expected = Tensors.zip(x.value(), dy, new int[] {3, 2}, (v, d) -> v > 0 ? d : 0);
    assertExact("relu", expected, x.gradient());
  }

  @Test
  void inputsAreNotChanged() {
    Tensor x = random(1, 2, 4, 4, 2);
    Tensor w = random(2, 3, 8);
    float[] beforeX = x.toArray();
    float[] beforeW = w.toArray();
    Variable y = tape.convolve(tape.parameter(x), tape.parameter(w), 2, 2);
    y = tape.maxPool(tape.relu(tape.dropout(y, 0.5f, 1, CPU.zeros(1))), 3);
    tape.backward(tape.crossEntropy(tape.reshape(y, 2, 3), CPU.oneHot(new int[] {0, 2}, 3)));
    assertArrayEquals(beforeX, x.toArray());
    assertArrayEquals(beforeW, w.toArray());
  }

  @Test
  void convolveIsTheResponseToPatches() {
    Tensor x = random(1, 2, 5, 4, 3);
    Tensor w = random(2, 7, 18);
    Tensor y = tape.convolve(tape.constant(x), tape.constant(w), 2, 3).value();
    assertArrayEquals(new int[] {2, 4, 2, 7}, y.shape());
    double[] expected = NaiveContraction.of("bs,ns->bn", x.patches(2, 3), w);
    assertClose(expected, y, 1e-5, 1e-6);
  }

  @Test
  void crossEntropyIsTheMeanNegativeLogLikelihood() {
    Tensor logits = random(1, 6, 5).times(4);
    int[] labels = {0, 4, 2, 2, 1, 3};
    double[] z = Tensors.doubles(logits);
    double loss = 0;
    double[] gradient = new double[30];
    for (int b = 0; b < 6; b++) {
      double sum = 0;
      for (int i = 0; i < 5; i++) {
        sum += Math.exp(z[b * 5 + i]);
      }
      loss -= Math.log(Math.exp(z[b * 5 + labels[b]]) / sum) / 6;
      for (int i = 0; i < 5; i++) {
        gradient[b * 5 + i] = (Math.exp(z[b * 5 + i]) / sum - (i == labels[b] ? 1 : 0)) / 6;
      }
    }
    Variable x = tape.parameter(logits);
    Variable value = tape.crossEntropy(x, CPU.oneHot(labels, 5));
    assertEquals(loss, value.value().item(), 1e-6 * loss);
    tape.backward(value);
    assertClose(gradient, x.gradient(), 1e-7, 1e-6);
  }

  @Test
  void crossEntropyOfExtremeLogitsIsFinite() {
    Tensor logits = CPU.of(new float[] {1000, -1000, 0, 1000}, 2, 2);
    Variable x = tape.parameter(logits);
    Variable loss = tape.crossEntropy(x, CPU.oneHot(new int[] {1, 1}, 2));
    assertEquals(1000, loss.value().item());
    tape.backward(loss);
    assertArrayEquals(new float[] {0.5f, -0.5f, 0, 0}, x.gradient().toArray());
  }

  @Test
  void modifiedBatchNormTreatsItsFactorAsConstant() {
    Tensor x = BatchNormTest.batch(1, 3, 2, 2, 4);
    Tensor gamma = random(2, 4).plus(1.5f);
    Tensor beta = random(3, 4);
    Tensor weights = random(4, x.shape());
    Variable[] in = {tape.parameter(x), tape.parameter(gamma), tape.parameter(beta)};
    BatchNorm norm = TapeGradientTest.norm(in[1], in[2], true);
    tape.backward(tape.batchNorm(in[0], norm, in[1], in[2]), weights.copy());

    BatchNormTest.Reference reference = new BatchNormTest.Reference(4, true);
    reference.train(Tensors.doubles(x)); // moves the running variance
    double[] factor = reference.factor();
    double[][] values = {Tensors.doubles(x), Tensors.doubles(gamma), Tensors.doubles(beta)};
    for (int i = 0; i < 3; i++) {
      double[] expected = new double[values[i].length];
      for (int at = 0; at < expected.length; at++) {
        double start = values[i][at];
        values[i][at] = start + 1e-5;
        double up = loss(values, factor, weights);
        values[i][at] = start - 1e-5;
        double down = loss(values, factor, weights);
        values[i][at] = start;
        expected[at] = (up - down) / 2e-5;
      }
      assertClose("gradient of input " + i, expected, in[i].gradient(), 2e-5, 2e-5);
    }
  }

  /** Batch norm by its own statistics and a given factor, all in float64. */
  private static double loss(double[][] values, double[] factor, Tensor weights) {
    BatchNormTest.Reference norm = new BatchNormTest.Reference(4, true);
    System.arraycopy(values[1], 0, norm.gamma, 0, 4);
    System.arraycopy(values[2], 0, norm.beta, 0, 4);
    double[] mean = BatchNormTest.Reference.mean(values[0], 4);
    double[] variance = BatchNormTest.Reference.variance(values[0], mean);
    double[] y = norm.apply(values[0], mean, variance, factor);
    float[] w = weights.toArray();
    double loss = 0;
    for (int i = 0; i < y.length; i++) {
      loss += y[i] * w[i];
    }
    return loss;
  }

  @Test
  void noDropoutIsNoOperation() {
    Variable x = tape.parameter(random(1, 3));
    assertSame(x, tape.dropout(x, 0, 1, CPU.zeros(1)));
  }

  private static void refused(String hint, org.junit.jupiter.api.function.Executable wrong) {
    String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
    assertTrue(message.contains(hint), message);
  }

  @Test
  void refusals() {
    Variable x = tape.parameter(random(1, 4, 3));
    refused("[4, 3]", () -> tape.backward(x));
    for (float p : new float[] {-0.1f, 1, Float.NaN}) {
      refused("" + p, () -> tape.dropout(x, p, 1, CPU.zeros(1)));
    }
    refused(
        "targets are [3, 3] and logits [4, 3]",
        () -> tape.crossEntropy(x, CPU.oneHot(new int[] {0, 1, 2}, 3)));
    refused("label 3 of row 2", () -> CPU.oneHot(new int[] {0, 1, 3, 0}, 3));
    refused("label -1 of row 0", () -> CPU.oneHot(new int[] {-1, 1, 3, 0}, 3));
    refused("[4, 3]", () -> tape.convolve(x, x, 1, 1));
    Variable images = tape.parameter(random(1, 2, 4, 4, 3));
    refused(
        "s is 12 in the first operand [18, 12] but 3 in the second [4, 3]",
        () -> tape.convolve(images, x, 2, 2));
    refused("[4, 3]", () -> tape.maxPool(x, 2));
    refused("[4, 3] and [4]", () -> tape.plus(x, tape.constant(random(1, 4))));
  }
}
