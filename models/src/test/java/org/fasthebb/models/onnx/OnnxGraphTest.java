package org.fasthebb.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.fasthebb.models.io.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxGraphTest {
  @TempDir Path dir;

  private static String hex(ProtobufMessage message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    message.write(bytes);
    assertEquals(message.size(), bytes.size());
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  /** The examples of the description of the encoding, protobuf.dev/programming-guides/encoding. */
  @Test
  void fieldsAreEncodedAsDescribed() throws IOException {
    ProtobufMessage number = new ProtobufMessage().number(1, 150);
    assertEquals("089601", hex(number));
    assertEquals("120774657374696e67", hex(new ProtobufMessage().text(2, "testing")));
    assertEquals("1a03089601", hex(new ProtobufMessage().message(3, number)));
    assertEquals("08feffffffffffffffff01", hex(new ProtobufMessage().number(1, -2)));
  }

  @Test
  void namesOfValuesDiffer() {
    OnnxGraph graph = new OnnxGraph();
    graph.enter("conv1");
    assertEquals("conv1/Relu", graph.node("Relu", "x"));
    assertEquals("conv1/Relu_2", graph.node("Relu", "x"));
    assertEquals("conv1/weight", graph.scalar("weight", 1));
  }

  @Test
  void moreThanTwoGigabytesAreRefusedAndTheOldFileStays() throws IOException {
    OnnxGraph graph = new OnnxGraph();
    byte[] shared = new byte[250_000_000];
    for (int i = 0; i < 9; i++) {
      graph.constant("weight", 1, shared, 62_500_000);
    }
    Path file = Files.writeString(dir.resolve("large.onnx"), "an older file");
    CheckpointException e = assertThrows(CheckpointException.class, () -> graph.write(file, "0"));
    assertTrue(
        e.getMessage().startsWith(file + " would have 2.3 GB, and an ONNX file can have 2 at most"),
        e.getMessage());
    assertEquals("an older file", Files.readString(file));
  }
}
