package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.CPU;
import static org.fasthebb.engine.Tensors.apart;
import static org.fasthebb.engine.Tensors.random;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every operation's adjoint against central finite differences in each single element. The loss is
 * the output times fixed random weights, summed in float64; the step is large enough for float32.
 */
class TapeGradientTest {
  private static final float STEP = 1e-2f;

  interface Model {
    Variable run(Tape tape, Variable... inputs);
  }

  /** Gradients of f at the inputs are right, within {@code tolerance} of their scale. */
  static void check(double tolerance, Model f, Tensor... inputs) {
    Tape tape = new Tape();
    Variable[] variables = new Variable[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      variables[i] = tape.parameter(inputs[i].copy());
    }
    Variable out = f.run(tape, variables);
    Tensor weights = random(99, out.value().shape());
    tape.backward(out, weights.copy());
    for (int i = 0; i < inputs.length; i++) {
      assertNotNull(variables[i].gradient(), "gradient of input " + i);
      assertArrayEquals(inputs[i].shape(), variables[i].gradient().shape());
      float[] gradient = variables[i].gradient().toArray();
      for (int at = 0; at < gradient.length; at++) {
        double up = loss(f, weights, moved(inputs, i, at, STEP));
        double down = loss(f, weights, moved(inputs, i, at, -STEP));
        double expected = (up - down) / (2 * STEP);
        String what = "gradient of input " + i + " " + inputs[i].layout() + " at " + at;
        assertEquals(expected, gradient[at], tolerance * Math.max(1, Math.abs(expected)), what);
      }
    }
  }

  private static Tensor[] moved(Tensor[] inputs, int input, int at, float step) {
    Tensor[] moved = inputs.clone();
    float[] values = inputs[input].toArray();
    values[at] += step;
    moved[input] = CPU.of(values, inputs[input].shape());
    return moved;
  }

  private static double loss(Model f, Tensor weights, Tensor... inputs) {
    Tape tape = new Tape();
    Variable[] constants = new Variable[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      constants[i] = tape.constant(inputs[i]);
    }
    Tensor out = f.run(tape, constants).value();
    double loss = 0;
    float[] y = out.toArray();
    float[] w = weights.toArray();
    for (int i = 0; i < y.length; i++) {
      loss += (double) y[i] * w[i];
    }
    return loss;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bs,ns->bn | 3 5 | 4 5",
        "bn,bs->ns | 3 5 | 3 4",
        "mk,kn->nm | 3 5 | 5 4",
        "bmk,bkn->bmn | 2 3 4 | 2 4 3",
        "bmk,bkn->mbn | 1 3 4 | 2 4 3", // a batch axis that stretches
        "bs,bs->bs | 3 1 | 1 4",
        "bs,bs->b | 3 5 | 3 5",
        "m,n->mn | 3 | 4",
        "k,k-> | 7 | 7",
        ",mn->nm | | 3 4",
        "ijk,kjl->li | 2 3 4 | 4 3 2"
      })
  void contract(String spec, String a, String b) {
    check(
        1e-3,
        (tape, x) -> tape.contract(spec, x[0], x[1]),
        random(1, shape(a)),
        random(2, shape(b)));
  }

  private static int[] shape(String sizes) {
    return sizes == null
        ? new int[0]
        : java.util.Arrays.stream(sizes.split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  @Test
  void contractionOfAVariableWithItself() {
    check(1e-3, (tape, x) -> tape.contract("bs,cs->bc", x[0], x[0]), random(1, 3, 5));
    check(1e-3, (tape, x) -> tape.contract("bs,bs->", x[0], x[0]), random(1, 3, 5));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 5, 4, 3, 2, 3, 2",
    "1, 4, 4, 1, 3, 3, 3",
    "2, 3, 4, 2, 5, 1, 1",
    "2, 3, 4, 2, 3, 3, 4",
    "1, 5, 3, 2, 2, 4, 3",
    "1, 3, 6, 2, 2, 3, 2",
    "1, 8, 9, 17, 2, 3, 3"
  })
  void convolve(int b, int h, int w, int c, int n, int kh, int kw) {
    Tensor images = random(1, b, h, w, c);
    Tensor weights = random(2, n, kh * kw * c);
    check(1e-3, (tape, x) -> tape.convolve(x[0], x[1], kh, kw), images, weights);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 4, 3, 3, 2, 3, 2",
    "1, 1, 1, 4, 5, 3, 3",
    "2, 3, 4, 2, 5, 1, 1",
    "1, 2, 5, 1, 1, 4, 3"
  })
  void convolveTransposed(int b, int h, int w, int n, int c, int kh, int kw) {
    Tensor images = random(1, b, h, w, n);
    Tensor weights = random(2, n, kh * kw * c);
    check(1e-3, (tape, x) -> tape.convolveTransposed(x[0], x[1], kh, kw), images, weights);
  }

  @Test
  void convolveInALargerGraph() {
    check(
        2e-3,
        (tape, x) -> tape.convolve(tape.convolve(x[0], x[1], 2, 2), x[2], 3, 3),
        random(1, 2, 4, 4, 2),
        random(2, 3, 8),
        random(3, 2, 27));
  }

  @Test
  void plusAndTimesSumOverWhatWasStretched() {
    int[][][] shapes = {
      {{3, 4}, {3, 4}},
      {{3, 4}, {4}},
      {{3, 1}, {1, 4}},
      {{2, 3, 4}, {3, 1}},
      {{}, {2, 3}},
      {{1}, {4}},
      {{2, 1, 3}, {2, 1}}
    };
    for (int[][] s : shapes) {
      check(1e-3, (tape, x) -> tape.plus(x[0], x[1]), random(1, s[0]), random(2, s[1]));
      check(1e-3, (tape, x) -> tape.plus(x[1], x[0]), random(1, s[0]), random(2, s[1]));
      check(1e-3, (tape, x) -> tape.times(x[0], x[1]), random(1, s[0]), random(2, s[1]));
      check(1e-3, (tape, x) -> tape.times(x[1], x[0]), random(1, s[0]), random(2, s[1]));
    }
  }

  @Test
  void reluAwayFromItsCorner() {
    check(1e-3, (tape, x) -> tape.relu(x[0]), apart(1, 4, 7));
  }

  @Test
  void reshapeAndSum() {
    check(1e-3, (tape, x) -> tape.reshape(x[0], 6, 2), random(1, 3, 4));
    check(1e-3, (tape, x) -> tape.sum(x[0]), random(1, 3, 4));
    check(1e-3, (tape, x) -> tape.sum(x[0]), random(1));
    check(1e-3, (tape, x) -> tape.times(tape.sum(x[0]), x[1]), random(1, 3, 4), random(2, 5));
  }

  @Test
  void normalizeRows() {
    check(2e-3, (tape, x) -> tape.normalizeRows(x[0]), random(1, 4, 6).plus(0.5f));
  }

  @Test
  void zeroRowIsNotDivided() {
    Tape tape = new Tape();
    Variable w = tape.parameter(CPU.of(new float[] {3, 4, 0, 0}, 2, 2));
    Variable u = tape.normalizeRows(w);
    assertArrayEquals(new float[] {0.6f, 0.8f, 0, 0}, u.value().toArray(), 1e-7f);
    tape.backward(u, CPU.of(new float[] {1, 1, 5, -7}, 2, 2));
    // (du - u (du u)) / |w|, with |w| = 1 for the zero row.
    float[] expected = {(1 - 0.6f * 1.4f) / 5, (1 - 0.8f * 1.4f) / 5, 5, -7};
    assertArrayEquals(expected, w.gradient().toArray(), 1e-6f);
  }

  @ParameterizedTest
  @CsvSource({"1, 4, 4, 2, 2", "2, 5, 3, 2, 2", "1, 7, 6, 1, 3", "2, 3, 3, 2, 3", "1, 3, 2, 2, 1"})
  void maxPool(int b, int h, int w, int c, int k) {
    check(1e-3, (tape, x) -> tape.maxPool(x[0], k), apart(1, b, h, w, c));
  }

  @ParameterizedTest
  @CsvSource({"1, 4, 4, 2, 2", "2, 5, 3, 2, 2", "1, 7, 6, 1, 3", "2, 3, 3, 2, 3", "1, 3, 2, 2, 1"})
  void maxUnpool(int b, int h, int w, int c, int k) {
    Tensor images = apart(1, b, h, w, c);
    check(
        1e-3,
        (tape, x) -> tape.maxUnpool(x[0], tape.maxPool(tape.constant(images), k)),
        random(2, b, h / k, w / k, c));
  }

  @Test
  void unpoolingWhatWasPooled() {
    check(
        1e-3,
        (tape, x) -> {
          Variable pooled = tape.maxPool(x[0], 2);
          return tape.maxUnpool(tape.times(pooled, pooled), pooled);
        },
        apart(1, 1, 4, 5, 2).times(0.2f));
  }

  @Test
  void expAndTimesANumber() {
    check(2e-3, (tape, x) -> tape.exp(x[0]), random(1, 3, 4));
    check(1e-3, (tape, x) -> tape.times(x[0], -2.5f), random(1, 3, 4));
  }

  @Test
  void dropoutOfOneSeedIsLinear() {
    check(1e-3, (tape, x) -> tape.dropout(x[0], 0.4f, 11, CPU.zeros(1)), random(1, 5, 8));
    check(1e-3, (tape, x) -> tape.dropout(x[0], 0, 11, CPU.zeros(1)), random(1, 5, 8));
  }

  @Test
  void crossEntropy() {
    Tensor targets = CPU.oneHot(new int[] {2, 0, 3, 3, 1}, 4);
    check(1e-3, (tape, x) -> tape.crossEntropy(x[0], targets), random(1, 5, 4).times(3));
  }

  @Test
  void plainBatchNorm() {
    check(
        3e-3,
        (tape, x) -> tape.batchNorm(x[0], norm(x[1], x[2], false), x[1], x[2]),
        BatchNormTest.batch(1, 3, 2, 2, 4),
        random(2, 4).plus(1.5f),
        random(3, 4));
  }

  static BatchNorm norm(Variable gamma, Variable beta, boolean modified) {
    BatchNorm norm = new BatchNorm(CPU, gamma.value().size(), modified);
    norm.gamma().assign(gamma.value());
    norm.beta().assign(beta.value());
    return norm;
  }

  @Test
  void deepGraph() {
    Tensor targets = CPU.oneHot(new int[] {2, 0, 1}, 3);
    check(
        5e-3,
        (tape, x) -> {
          Variable y = tape.convolve(tape.maxPool(x[0], 2), tape.normalizeRows(x[1]), 2, 2);
          return tape.crossEntropy(
              tape.contract("bs,ns->bn", tape.reshape(y, 3, 5), x[2]), targets);
        },
        apart(1, 3, 4, 4, 1),
        random(2, 5, 4),
        random(3, 3, 5));
  }
}
