package org.fasthebb.engine.io;

import static org.fasthebb.engine.Tensors.CPU;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TensorFileTest {
  @TempDir Path folder;

  @Test
  void tensorsComeBackByName() throws IOException {
    Path file = folder.resolve("two.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("large", CPU.random(1, 3, 20_000));
    tensors.put("turned \"round\"", CPU.of(new float[] {1, -0f, Float.NaN, 4}, 2, 2).permute(1, 0));
    tensors.put("single", CPU.zeros().fill(7));
    tensors.put("empty", CPU.zeros(2, 0));
    TensorFile.write(file, tensors);
    for (var named : tensors.entrySet()) {
      Tensor read = TensorFile.read(file, named.getKey(), CPU);
      assertArrayEquals(named.getValue().shape(), read.shape());
      assertArrayEquals(named.getValue().toArray(), read.toArray());
    }
  }

  /** The bytes that the format's description gives for a tensor [[1, 2]] named w. */
  @Test
  void theBytesAreTheFormats() throws IOException {
    Path file = folder.resolve("w.safetensors");
    TensorFile.write(file, Map.of("w", CPU.of(new float[] {1, 2}, 1, 2)));
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
    int padded = (header.length() + 7) / 8 * 8;
    ByteBuffer expected = ByteBuffer.allocate(8 + padded + 8).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(padded);
    expected.put((header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.UTF_8));
    expected.putFloat(1).putFloat(2);
    assertArrayEquals(expected.array(), Files.readAllBytes(file));
  }

  @Test
  void aFileThatCannotBeWrittenIsLeftAsItWas() throws IOException {
    Path there = Files.createDirectory(folder.resolve("there"));
    Map<String, Tensor> tensors = Map.of("w", CPU.zeros(2));
    assertRefused("not a regular file", () -> TensorFile.write(there, tensors));
    assertRefused("NoSuchFile", () -> TensorFile.write(folder.resolve("no/w"), tensors));
    assertThrows(
        IllegalArgumentException.class,
        () -> TensorFile.write(folder.resolve("w"), Map.of("__metadata__", CPU.zeros(2))));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("target"));
    Files.createFile(folder.resolve("target"));
    TensorFile.write(link, tensors);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(2, TensorFile.read(folder.resolve("target"), "w", CPU).size());
    try (var files = Files.list(folder)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertEquals(List.of("link", "target", "there"), names);
    }
  }

  @Test
  void whatCannotBeReadIsRefused() throws IOException {
    Path file = folder.resolve("w.safetensors");
    assertRefused("NoSuchFile", () -> TensorFile.read(file, "w", CPU));
    TensorFile.write(file, Map.of("w", CPU.zeros(2)));
    assertRefused("name one of [w]", () -> TensorFile.read(file, "v", CPU));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(
        file,
        new String(bytes, StandardCharsets.ISO_8859_1)
            .replace("F32", "I32")
            .getBytes(StandardCharsets.ISO_8859_1));
    assertRefused("no tensor 'w' of type F32", () -> TensorFile.read(file, "w", CPU));
    Files.write(file, "no tensors".getBytes(StandardCharsets.UTF_8));
    assertRefused("header length", () -> TensorFile.read(file, "w", CPU));
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[0,3000000000],\"data_offsets\":[0,0]}}";
    ByteBuffer huge = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(
        file, huge.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8)).array());
    assertRefused("split it", () -> TensorFile.read(file, "w", CPU));
  }

  private static void assertRefused(String reason, Executable work) {
    String message = assertThrows(IOException.class, work).getMessage();
    assertTrue(message.contains(reason), message);
  }
}
