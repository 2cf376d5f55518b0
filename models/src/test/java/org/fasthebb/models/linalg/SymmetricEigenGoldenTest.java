package org.fasthebb.models.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fasthebb.models.io.SafeTensors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SymmetricEigenGoldenTest {
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
    SymmetricEigen eigen = SymmetricEigen.of(golden.doubles(prefix + ".cov"), n, Parallel.SERIAL);
    assertClose(golden.doubles(prefix + ".eigenvalues"), eigen.values());
    assertClose(
        golden.doubles(prefix + ".Z"),
        eigen.function(x -> 1 / Math.sqrt(x + 1e-2), Parallel.SERIAL));
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
