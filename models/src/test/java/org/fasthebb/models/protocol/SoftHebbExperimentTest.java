package org.fasthebb.models.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.Shapes;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.Criterion;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.network.Pool;
import org.fasthebb.models.network.SoftHebbNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SoftHebb's protocol with a network of a few neurons. */
class SoftHebbExperimentTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final DataSet DATA = Shapes.generate(600, 200, 0);
  private static final List<SoftHebbNetwork.Block> BLOCKS =
      List.of(
          new SoftHebbNetwork.Block(8, 5, 1, 0.3f, 0.7f, Pool.MAX),
          new SoftHebbNetwork.Block(12, 3, 0.65f, 0.3f, 1.4f, Pool.MAX),
          new SoftHebbNetwork.Block(96, 3, 0.25f, 0.3f, 1, Pool.MEAN));

  @TempDir Path dir;

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static SoftHebbExperiment.Settings settings(int epochs, int readOutEpochs, long seed) {
    return new SoftHebbExperiment.Settings(BLOCKS, epochs, readOutEpochs, true, false, seed);
  }

  private SoftHebbExperiment experiment(Backend backend, String out, long seed, Progress progress)
      throws CheckpointException {
    return new SoftHebbExperiment(backend, DATA, settings(1, 3, seed), dir.resolve(out), progress);
  }

  private byte[] model(String out) throws IOException {
    return Files.readAllBytes(dir.resolve(out).resolve(SoftHebbExperiment.MODEL));
  }

  @Test
  void learns() throws IOException {
    SoftHebbExperiment experiment =
        new SoftHebbExperiment(CPU, DATA, settings(2, 40, 0), dir.resolve("out"), Progress.SILENT);
    assertEquals(2, experiment.learn().bestEpoch(), "the last epoch counts");
    History readOut = experiment.readOut();
    assertEquals(40, readOut.bestEpoch(), "the last epoch counts");
    assertTrue(readOut.losses().getLast() < 0.7 * readOut.losses().getFirst(), "" + readOut);
    assertTrue(experiment.test() > 0.2, "chance is a tenth, but it is " + experiment.test());
    try (Stream<Path> left = Files.list(dir.resolve("out"))) {
      assertEquals(
          List.of(
              "model.json", "model.safetensors", "unsupervised.json", "unsupervised.safetensors"),
          left.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void anyNumberOfThreadsGivesTheSame() throws IOException {
    for (int threads : new int[] {1, 3}) {
      try (Backend backend = Backend.cpu(threads)) {
        SoftHebbExperiment experiment =
            experiment(backend, "threads" + threads, 0, Progress.SILENT);
        experiment.learn();
        experiment.readOut();
      }
    }
    assertArrayEquals(model("threads1"), model("threads3"));
  }

  /** Ends a run when it is told of some phase for the n-th time. */
  private static Progress interruptedIn(String wanted, int when) {
    int[] told = {0};
    return new Progress() {
      @Override
      public void message(String text) {}

      @Override
      public void step(String phase, int epoch, int epochs, long done, long total) {
        if (phase.equals(wanted) && ++told[0] == when) {
          throw new IllegalStateException("interrupted");
        }
      }

      @Override
      public void epoch(
          String phase, int epoch, int epochs, double loss, Criterion criterion, double value) {}
    };
  }

  private void interrupt(String phase, int when) throws CheckpointException {
    SoftHebbExperiment cut = experiment(CPU, "cut", 0, interruptedIn(phase, when));
    assertThrows(
        IllegalStateException.class,
        () -> {
          cut.learn();
          cut.readOut();
        });
  }

  @Test
  void goesOnAfterInterruptionsWithTheSameBits() throws IOException {
    SoftHebbExperiment calm = experiment(CPU, "calm", 0, Progress.SILENT);
    calm.learn();
    calm.readOut();
    interrupt("unsupervised", 7);
    interrupt("features", 3);
    interrupt("read-out", 20);
    SoftHebbExperiment last = experiment(CPU, "cut", 0, Progress.SILENT);
    last.learn();
    last.readOut();
    assertEquals(0, last.featureSeconds(), "they were all there");
    assertArrayEquals(model("calm"), model("cut"));
    assertEquals(calm.test(), last.test());
    List<Path> left =
        Stream.of("unsupervised.state", "read-out.state", "features.part")
            .map(dir.resolve("cut")::resolve)
            .toList();
    for (Path file : left) {
      Files.writeString(file, "by a kill right after the phase");
    }
    SoftHebbExperiment again = experiment(CPU, "cut", 0, Progress.SILENT);
    again.learn();
    again.readOut();
    assertTrue(left.stream().noneMatch(Files::exists), "leftovers");
    assertEquals(calm.test(), again.test(), "of the files alone");
  }

  @Test
  void filesOfOtherSettings() throws IOException {
    experiment(CPU, "out", 0, Progress.SILENT).learn();
    SoftHebbExperiment other = experiment(CPU, "out", 1, Progress.SILENT);
    String message = assertThrows(CheckpointException.class, other::learn).getMessage();
    assertTrue(message.contains("other settings; choose another --out"), message);
  }

  @Test
  void mirroredFeaturesNeedAnotherReadOut() throws IOException {
    SoftHebbExperiment plain = experiment(CPU, "plain", 0, Progress.SILENT);
    plain.learn();
    plain.readOut();
    SoftHebbExperiment.Settings mirrored =
        new SoftHebbExperiment.Settings(BLOCKS, 1, 3, true, true, 0);
    for (String name : List.of("unsupervised.safetensors", "unsupervised.json")) {
      Files.createDirectories(dir.resolve("mirrored"));
      Files.copy(dir.resolve("plain").resolve(name), dir.resolve("mirrored").resolve(name));
    }
    SoftHebbExperiment other =
        new SoftHebbExperiment(CPU, DATA, mirrored, dir.resolve("mirrored"), Progress.SILENT);
    other.learn();
    other.readOut();
    assertTrue(other.featureSeconds() > 0);
    assertFalse(Arrays.equals(model("plain"), model("mirrored")));
    SoftHebbExperiment refused =
        new SoftHebbExperiment(CPU, DATA, mirrored, dir.resolve("plain"), Progress.SILENT);
    refused.learn();
    String message = assertThrows(CheckpointException.class, refused::readOut).getMessage();
    assertTrue(message.contains("other settings; choose another --out"), message);
  }

  @Test
  void settingsThatMakeNoSense() {
    assertThrows(IllegalArgumentException.class, () -> settings(1, 0, 0));
  }
}
