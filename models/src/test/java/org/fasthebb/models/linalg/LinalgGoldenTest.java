package org.fasthebb.models.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.fasthebb.models.io.SafeTensors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class LinalgGoldenTest {
  @Test
  void whiteningMatchesTheReference() throws IOException {
    String shared = System.getProperty("fasthebb.shared");
    Assumptions.assumeTrue(shared != null, "fasthebb.shared is not set: golden file not read");
    Path file = Path.of(shared, "golden", "zca.safetensors");
    Assumptions.assumeTrue(Files.exists(file), file + " is missing");
    try (SafeTensors golden = SafeTensors.read(file)) {
      for (String name : golden.names()) {
        if (name.endsWith(".cov")) {
          check(golden, name.substring(0, name.length() - ".cov".length()));
        }
      }
    }
  }

  private static void check(SafeTensors golden, String prefix) throws IOException {
    int n = golden.shape(prefix + ".cov")[0];
    double[] covariance = golden.doubles(prefix + ".cov");
    assertClose(
        golden.doubles(prefix + ".eigenvalues"), Eigenvalues.of(covariance, n, Parallel.SERIAL));
    double[][] root = InverseSquareRoot.of(covariance, n, 1e-2, Parallel.SERIAL);
    assertClose(
        golden.doubles(prefix + ".Z"),
        Arrays.stream(root).flatMapToDouble(Arrays::stream).toArray());
  }

  /** The metric of the golden files: largest difference over largest reference value. */
  private static void assertClose(double[] expected, double[] actual) {
    double largest = 0;
    double difference = 0;
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
    }
    assertEquals(0, difference / largest, 1e-11);
  }
}
