package org.fasthebb.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.learn.Stepper;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.testing.EmulatedDriver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How many operations a step queues on a GPU: most of a small network's are short, and then it is
 * their number that takes time. The counts are in docs/results/README.md; lower ones are welcome
 * there and here.
 */
class StepOperationsTest {
  private static final int CLASSES = 10;

  @ParameterizedTest
  @CsvSource({"swta, small, 64, 96", "hpca, small, 64, 112", "finetune, small, 64, 122"})
  void aStepQueuesNoMoreOperationsThanItDid(String step, String name, int batch, long most) {
    assumeTrue(org.fasthebb.testing.Devices.isEmulated(), "needs the emulated driver");
    EmulatedDriver.set("reset", 0);
    EmulatedDriver.set("lazy", 1);
    Architecture architecture = Architecture.named(name).orElseThrow();
    int side = architecture.side();
    try (Backend gpu = Backend.cuda();
        Stepper stepper =
            new Stepper(
                gpu,
                StepBenchmark.learner(gpu, architecture, step, "fast"),
                CLASSES,
                batch,
                side,
                side,
                Architecture.CHANNELS)) {
      // Where the first kernel fails, nothing that is queued behind it runs, which would take
      // minutes.
      EmulatedDriver.set("fail-launch", 1);
      for (int i = 0; i < 2; i++) { // the second step is captured as a graph
        stepper.step(new int[batch], (Tensor images) -> {}, i);
      }
      long nodes = EmulatedDriver.get("nodes");
      assertTrue(nodes > 50 && nodes <= most, "it queues " + nodes + " operations");
    }
    EmulatedDriver.set("reset", 0);
  }
}
