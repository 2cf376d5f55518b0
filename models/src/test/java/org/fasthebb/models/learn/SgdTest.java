package org.fasthebb.models.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Random;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Nesterov's method with both schedules, against its equations in float64. */
class SgdTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int SIZE = 37;

  private final Random random = new Random(1);

  @AfterAll
  static void close() {
    CPU.close();
  }

  private float[] numbers() {
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** A variable with a given gradient g, which is that of sum (g w). */
  private static Variable leaf(Tensor parameter, float[] gradient) {
    Tape tape = new Tape();
    Variable w = tape.parameter(parameter);
    tape.backward(tape.sum(tape.times(w, tape.constant(CPU.of(gradient, SIZE)))));
    return w;
  }

  @ParameterizedTest
  @EnumSource(Schedule.class)
  void steps(Schedule schedule) {
    double momentum = 0.9f;
    double decay = 0.05f;
    float[] start = numbers();
    Tensor parameter = CPU.of(start, SIZE);
    Sgd sgd = new Sgd(Map.of("w", parameter), 0.1f, schedule, (float) momentum, (float) decay);
    double[] w = new double[SIZE];
    double[] v = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      w[i] = start[i];
    }
    for (int epoch = 0; epoch < 16; epoch++) {
      double rate = 0.1;
      for (int past = 10; past <= epoch; past += schedule == Schedule.CODE ? 1 : 2) {
        rate /= 2;
      }
      for (int step = 0; step < 3; step++) {
        float[] g = numbers();
        sgd.step(Map.of("w", leaf(parameter, g)), epoch);
        for (int i = 0; i < SIZE; i++) {
          double gradient = g[i] + decay * w[i];
          v[i] = momentum * v[i] + gradient;
          w[i] -= rate * (gradient + momentum * v[i]);
        }
      }
    }
    float[] actual = parameter.toArray();
    for (int i = 0; i < SIZE; i++) {
      assertEquals(w[i], actual[i], 1e-5 * (1 + Math.abs(w[i])), "element " + i);
      assertEquals(v[i], sgd.tensors().get("velocity.w").toArray()[i], 1e-4);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CODE, 0, 1", "CODE, 9, 1", "CODE, 10, 0.5", "CODE, 11, 0.25", "CODE, 19, 0.0009765625",
    "PAPER, 0, 1", "PAPER, 9, 1", "PAPER, 10, 0.5", "PAPER, 11, 0.5", "PAPER, 12, 0.25",
    "PAPER, 19, 0.03125"
  })
  void rates(Schedule schedule, int epoch, float expected) {
    assertEquals(expected, schedule.rate(1, epoch));
    assertEquals(expected * 3, schedule.rate(3, epoch));
  }

  /** Tensors of other names do not change, though they have a gradient. */
  @Test
  void onlyItsOwnParametersMove() {
    Tensor own = CPU.of(numbers(), SIZE);
    Tensor other = CPU.of(numbers(), SIZE);
    float[] before = other.toArray();
    Sgd sgd = new Sgd(Map.of("own", own), 0.1f, Schedule.CODE, 0.9f, 0.1f);
    sgd.step(Map.of("own", leaf(own, numbers()), "other", leaf(other, numbers())), 0);
    assertArrayEquals(before, other.toArray());
    assertEquals(Map.of("velocity.own", 1).keySet(), sgd.tensors().keySet());
  }
}
