package org.fasthebb.models.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.io.SafeTensorsWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The best weights so far, and the state that is written to a file and read back. */
class LoopStateTest {
  private static final Backend CPU = Backend.cpu(1);

  @TempDir Path dir;
  private final Tensor w = CPU.zeros(2);

  /** Of an optimiser: it is saved, but not kept of the best epoch. */
  private final Tensor velocity = CPU.zeros(1);

  @AfterAll
  static void close() {
    CPU.close();
  }

  private LoopState state(Criterion criterion) {
    return new LoopState("me", Map.of("w", w, "velocity", velocity), Map.of("w", w), criterion);
  }

  /**
   * Ends epochs with the weights 1, 2, 3 .. and the given validation results, and returns the
   * weight that is kept.
   */
  private float kept(LoopState state, double... validations) {
    for (double validation : validations) {
      state.image = 7;
      w.fill(state.epoch + 1);
      state.endEpoch(0.5, validation);
      assertEquals(0, state.image);
    }
    w.fill(-1);
    state.restoreBest();
    return w.toArray()[0];
  }

  @Test
  void theFirstOfTheBestIsKept() {
    assertEquals(2, kept(state(Criterion.ACCURACY), 0.25, 0.5, 0.5, 0.25));
    assertEquals(3, kept(state(Criterion.LOSS), 4, 3, 2, 2, 9));
    assertEquals(4, kept(state(Criterion.NONE), 0, 0, 0, 0));
    assertEquals(1, kept(state(Criterion.ACCURACY), 0, 0));
    LoopState state = state(Criterion.LOSS);
    kept(state, 4, 3, 5);
    assertEquals(2, state.bestEpoch);
    assertEquals(3, state.bestValidation);
    assertEquals(List.of(4.0, 3.0, 5.0), state.validations);
    assertEquals(List.of(0.5, 0.5, 0.5), state.losses);
  }

  @Test
  void stateIsRestoredFromAFile() throws CheckpointException {
    LoopState state = state(Criterion.ACCURACY);
    kept(state, 0.25, 0.75, 0.1);
    state.image = 40;
    state.step = 1L << 40;
    state.lossSum = 0.1;
    state.seconds = 1.5;
    w.write(new float[] {8, 9});
    velocity.fill(6);
    Path file = dir.resolve("state");
    state.save(file);
    w.fill(0);
    velocity.fill(0);
    LoopState other = state(Criterion.ACCURACY);
    other.load(file);
    assertArrayEquals(new float[] {8, 9}, w.toArray());
    assertEquals(6, velocity.item());
    assertEquals(3, other.epoch);
    assertEquals(40, other.image);
    assertEquals(1L << 40, other.step);
    assertEquals(0.1, other.lossSum);
    assertEquals(1.5, other.seconds);
    assertEquals(2, other.bestEpoch);
    assertEquals(0.75, other.bestValidation);
    assertEquals(List.of(0.25, 0.75, 0.1), other.validations);
    assertEquals(List.of(0.5, 0.5, 0.5), other.losses);
    other.restoreBest();
    assertArrayEquals(new float[] {2, 2}, w.toArray());
    assertEquals(6, velocity.item());
  }

  @Test
  void statesBeforeTheFirstEpoch() throws CheckpointException {
    Path file = dir.resolve("state");
    state(Criterion.ACCURACY).save(file);
    LoopState other = state(Criterion.ACCURACY);
    other.load(file);
    assertEquals(0, other.epoch);
    assertEquals(List.of(), other.validations);
    w.fill(5);
    other.restoreBest();
    assertArrayEquals(new float[] {5, 5}, w.toArray(), "there is none yet");
  }

  @Test
  void statesOfOtherRunsAndDamagedOnesAreRefused() throws IOException {
    Path file = dir.resolve("state");
    state(Criterion.ACCURACY).save(file);
    LoopState other = new LoopState("you", Map.of("w", w), Map.of("w", w), Criterion.ACCURACY);
    String message = assertThrows(CheckpointException.class, () -> other.load(file)).getMessage();
    assertTrue(message.contains("other settings"), message);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    message =
        assertThrows(CheckpointException.class, () -> state(Criterion.ACCURACY).load(file))
            .getMessage();
    assertTrue(message.contains("remove it and run again, and this phase starts anew"), message);
    Files.write(file, Arrays.copyOf(bytes, 9));
    message =
        assertThrows(CheckpointException.class, () -> state(Criterion.ACCURACY).load(file))
            .getMessage();
    assertTrue(message.contains(file.toString()), message);
    assertTrue(message.endsWith("remove it and run again, and this phase starts anew."), message);
  }

  /** States whose checksum is right, but which no training of this program can have left. */
  @Test
  void statesThatMakeNoSense() throws CheckpointException {
    Path file = dir.resolve("state");
    state(Criterion.ACCURACY).save(file);
    Map<String, String> metadata;
    try (SafeTensors saved = SafeTensors.read(file)) {
      metadata = new LinkedHashMap<>(saved.metadata());
    }
    metadata.remove("sha256");
    float[] fine = w.toArray();
    resealed(metadata, fine).write(file);
    state(Criterion.ACCURACY).load(file);
    for (String key : metadata.keySet()) {
      Map<String, String> less = new LinkedHashMap<>(metadata);
      less.remove(key);
      assertRefused(resealed(less, fine));
      less.put(key, "1x");
      assertRefused(resealed(less, fine));
    }
    assertRefused(resealed(metadata, new float[] {1, Float.NaN}));
    assertRefused(resealed(metadata, new float[3]));
    metadata.put("epoch", "2");
    assertRefused(resealed(metadata, fine)); // it has no losses of them
  }

  private static SafeTensorsWriter resealed(Map<String, String> metadata, float[] values) {
    SafeTensorsWriter writer = SafeTensors.writer();
    metadata.forEach(writer::metadata);
    return writer
        .floats("w", new int[] {values.length}, values)
        .floats("velocity", new int[] {1}, new float[1]);
  }

  private void assertRefused(SafeTensorsWriter writer) throws CheckpointException {
    Path file = dir.resolve("refused");
    writer.write(file);
    String message =
        assertThrows(CheckpointException.class, () -> state(Criterion.ACCURACY).load(file))
            .getMessage();
    assertTrue(message.contains(file.toString()) && message.contains("remove it"), message);
  }
}
