package org.fasthebb.models.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Random;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Compares Adam with its equations in float64. */
class AdamTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int SIZE = 37;
  private static final double RATE = 0.01;

  private final Random random = new Random(1);
  private final float[] start = numbers();
  private final Tensor parameter = CPU.of(start, SIZE);
  private final Adam adam = new Adam(CPU, Map.of("w", parameter));

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

  /** Makes a step by a given gradient g, which is that of sum (g w). */
  private void step(float[] gradient) {
    Tape tape = new Tape();
    Variable w = tape.parameter(parameter);
    tape.backward(tape.sum(tape.times(w, tape.constant(CPU.of(gradient, SIZE)))));
    adam.step(Map.of("w", w), (float) RATE);
  }

  @Test
  void steps() {
    double[] w = new double[SIZE];
    double[] m = new double[SIZE];
    double[] v = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      w[i] = start[i];
    }
    for (int t = 1; t <= 60; t++) {
      float[] g = numbers();
      g[0] = 0; // never moves
      step(g);
      float[] actual = parameter.toArray();
      for (int i = 0; i < SIZE; i++) {
        m[i] = 0.9 * m[i] + 0.1 * g[i];
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
        double mean = m[i] / (1 - Math.pow(0.9, t));
        double square = v[i] / (1 - Math.pow(0.999, t));
        w[i] -= RATE * mean / (Math.sqrt(square) + 1e-8);
        assertEquals(w[i], actual[i], 5e-6, "element " + i + " after step " + t);
      }
    }
  }

  @Test
  void theFirstStepIsTheRate() {
    step(numbers());
    float[] w = parameter.toArray();
    for (int i = 0; i < SIZE; i++) {
      assertEquals(RATE, Math.abs(w[i] - start[i]), 1e-6);
    }
  }
}
