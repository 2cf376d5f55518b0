package org.fasthebb.models.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.pack.Pack;
import org.fasthebb.models.pack.PackFormat;
import org.fasthebb.models.pack.PackWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on a pack gives the same files as training on what was packed. */
class PackedDataTest {
  @TempDir Path dir;

  private void train(Backend backend, DataSet data, String out) throws IOException {
    Settings settings =
        new Settings(
            PretrainSettings.of(Method.named("hpca").orElseThrow()),
            ReadOutSettings.of(ReadOut.FINE_TUNE, 0.5, Architecture.small()),
            7);
    Experiment experiment =
        new Experiment(backend, data, settings, dir.resolve(out), Progress.SILENT);
    experiment.readOut(experiment.pretrain().model());
  }

  @Test
  void givesTheSameModels() throws IOException {
    DataSet data = TinyData.of(24, 40, 10);
    Path file = dir.resolve("x.pack");
    assertTrue(new PackWriter(data, PackFormat.RAW, file, (_, _, _) -> {}).write());
    try (Backend backend = Backend.cpu(2);
        DataSet packed = Pack.open(file)) {
      train(backend, data, "original");
      train(backend, packed, "packed");
      for (String name : List.of(Experiment.PRETRAINED, Experiment.MODEL)) {
        assertArrayEquals(
            Files.readAllBytes(dir.resolve("original").resolve(name)),
            Files.readAllBytes(dir.resolve("packed").resolve(name)),
            name);
      }
      // The files are of the same data, so a run on one goes on from files of the other.
      train(backend, packed, "original");
      assertEquals(data.fingerprint(), packed.fingerprint());
    }
  }
}
