package org.fasthebb.tools.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricTest {
  private static double error(Metric metric, double[] recorded, double... computed) {
    return metric.error(Part.WHOLE, recorded, computed, 0.5);
  }

  @Test
  void relativeErrorIsOfTheLargestValue() {
    assertEquals(0.25, error(Metric.RELATIVE, new double[] {-4, 1}, -4, 2));
    assertEquals(3, error(Metric.RELATIVE, new double[] {0, 0}, 0, -3));
  }

  @Test
  void weightChangesMayBeOffByRounding() {
    assertEquals(0, error(Metric.CHANGE, new double[] {-4, 1}, -4, 1.5));
    assertEquals(0.25, error(Metric.CHANGE, new double[] {-4, 1}, -4, 2.5));
    assertEquals(0, error(Metric.CHANGE, new double[] {0, 0}, 0, 0.5));
    assertEquals(Double.POSITIVE_INFINITY, error(Metric.CHANGE, new double[] {0, 0}, 0, 0.6));
  }

  @Test
  void ofStatisticsOfWeightChangesOnlyL2Counts() {
    double[] recorded = {9, 9, 5, 9, 9, 9};
    assertEquals(0, Metric.CHANGE.error(Part.STATS, recorded, new double[] {3, 4}, 0));
    assertEquals(0.2, Metric.CHANGE.error(Part.STATS, recorded, new double[] {6, 0}, 0));
  }

  @Test
  void everyStatisticHasItsScale() {
    double[] values = {-3, -1, 1, 3};
    double[] stats = Part.STATS.from(values);
    double std = Math.sqrt(5);
    assertArrayEquals(new double[] {0, std, Math.sqrt(20), 0, -3, 3}, stats, 1e-15);
    double[] scales = {std, std, Math.sqrt(20), 4 * std, 3, 3};
    for (int i = 0; i < stats.length; i++) {
      double[] wrong = stats.clone();
      wrong[i] += 1e-3 * scales[i];
      assertEquals(1e-3, Metric.RELATIVE.error(Part.STATS, wrong, values, 0), 2e-6);
    }
  }

  @Test
  void zeroAndExact() {
    assertEquals(0.5, error(Metric.ZERO, new double[] {1, 9}, 0.25, -0.5));
    assertEquals(1, error(Metric.EXACT, new double[] {1, 2, 3}, 1, 2, 4));
  }

  @Test
  void nanIsNeverWithin() {
    double[][] bad = {{Double.NaN, 1}, {Double.POSITIVE_INFINITY, 1}};
    for (Metric metric : Metric.values()) {
      for (double[] recorded : bad) {
        assertTrue(Double.isNaN(error(metric, recorded, recorded)), metric::name);
      }
      assertTrue(Double.isNaN(error(metric, new double[] {1, 1}, 1, Double.NaN)), metric::name);
    }
  }

  @Test
  void partsOfATensor() {
    double[] values = IntStream.range(0, 200).asDoubleStream().toArray();
    assertEquals(15, Part.FIRST.from(values)[15]);
    assertEquals(16, Part.FIRST.from(values).length);
    assertEquals(189, Part.PROBE.from(values)[63]);
    assertEquals(64, Part.PROBE.from(values).length);
    double[] few = {1, 2, 3};
    assertArrayEquals(few, Part.FIRST.from(few));
    assertArrayEquals(few, Part.PROBE.from(few));
    assertEquals("w.conv1.it5", Part.tensor("w.conv1.it5.probe64"));
    assertEquals("logits_eval", Part.tensor("logits_eval"));
  }
}
