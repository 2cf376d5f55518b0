package org.fasthebb.models.io;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Identities of runs: a file of another run is refused, and the message says in what it differs.
 */
class IdentityTest {
  private static final Path FILE = Path.of("run.state");
  private static final String RUN = "data=my own photos/1f rule=hpca epochs=4 normalised seed=0";

  private static String refused(String here, String found) {
    return assertThrows(CheckpointException.class, () -> Identity.requireSame(FILE, here, found))
        .getMessage();
  }

  private static List<String> words(String one, String two) {
    return Identity.differences(one, two).stream().map(Identity.Difference::word).toList();
  }

  @Test
  void everySettingThatDiffersIsNamedWithBothValues() {
    String here = RUN.replace("epochs=4", "epochs=0").replace(" normalised", "") + " eta=0.5";
    assertEquals(
        "run.state belongs to a run with other settings: epochs is 4 there and 0 here, normalised"
            + " is on there and off here, eta is the default there and 0.5 here; choose another"
            + " output folder, or remove it",
        refused(here, RUN));
    List<Path> files = List.of(FILE, Path.of("model"));
    String both =
        assertThrows(CheckpointException.class, () -> Identity.requireSame(files, here, RUN))
            .getMessage();
    assertTrue(both.startsWith("run.state and model belong to a run with other settings"), both);
    assertTrue(both.endsWith("or remove them"), both);
    assertTrue(Identity.isSame(RUN, RUN) && !Identity.isSame(here, RUN));
    assertFalse(Identity.isSame(RUN, null));
    String data = refused(RUN.replace("1f", "2f"), RUN);
    assertTrue(data.contains("data is my own photos/1f there and my own photos/2f here"), data);
    assertTrue(refused(RUN, null).contains("does not say which run"), "no identity");
  }

  @Test
  void theKernelsOfARun() {
    String wide = Identity.of(RUN, "512");
    String narrow = Identity.of(RUN, "256");
    assertEquals(
        "run.state was computed by other kernels, whose sums differ in their last bits: kernels is"
            + " 256 there and 512 here; go on with --kernels 256, or choose another output folder",
        refused(wide, narrow));
    String gpu = refused(wide, Identity.of(RUN, "cuda-tf32"));
    assertTrue(gpu.contains("go on with --device cuda --tf32, or"), gpu);
    assertDoesNotThrow(() -> Identity.requireSame(FILE, wide, RUN), "of version 0.1");
    assertDoesNotThrow(() -> Identity.requireSame(FILE, wide, wide));
  }

  @Test
  void theRunThatItStartedFrom() {
    String message = refused(RUN + " from: rule=hpca epochs=4", RUN + " from: rule=hpca epochs=9");
    assertTrue(message.contains("the pre-trained model's epochs is 9 there and 4 here"), message);
    assertDoesNotThrow(() ->
        Identity.requireSame(
            FILE, RUN + " kernels=512 from: " + RUN + " kernels=128", RUN + " from: " + RUN));
  }

  @Test
  void wordsForNames() {
    assertEquals(List.of(), words(RUN, RUN));
    assertEquals(
        List.of("epochs=0", "no-normalised", "fine-tune-epochs=2", "mirrored"),
        words(
            RUN,
            RUN.replace("epochs=4", "epochs=0").replace(" normalised", "")
                + " fine_tune_epochs=2 mirrored"));
  }
}
