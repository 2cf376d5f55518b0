package org.fasthebb.models.onnx;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;

/**
 * A graph of operators of ONNX, to be written to a file. Values have names; a node computes a value
 * of others. Operators and their attributes are those of <a
 * href="https://onnx.ai/onnx/operators/">opset 17</a>, which onnxruntime reads since version 1.12.
 * Numbers in comments are those of fields in onnx.proto.
 */
public final class OnnxGraph {
  /** The version of the operators. */
  public static final int OPSET = 17;

  /** The version of the file format that came with the opset. */
  private static final int FORMAT = 8;

  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  /** The most bytes of a message of protocol buffers. */
  private static final long MOST = Integer.MAX_VALUE;

  private final ProtobufMessage nodes = new ProtobufMessage();
  private final ProtobufMessage constants = new ProtobufMessage();
  private final ProtobufMessage ends = new ProtobufMessage();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private String part = "";

  /** A graph without nodes. */
  public OnnxGraph() {}

  /** Values that follow are those of a part of the network, which their names begin with. */
  public void enter(String name) {
    part = name + "/";
  }

  private String unused(String name) {
    String full = part + name;
    for (int i = 2; !names.add(full); i++) {
      full = part + name + "_" + i;
    }
    return full;
  }

  /**
   * Adds an input of float32.
   *
   * @param doc what it holds
   * @param sizes of its axes; a text names one that is not fixed
   */
  public String input(String name, String doc, Object... sizes) {
    ends.message(11, end(name, doc, sizes));
    names.add(name);
    return name;
  }

  /** Makes a value of float32 an output; see {@link #input}. */
  public void output(String name, String value, String doc, Object... sizes) {
    ends.message(12, end(name, doc, sizes));
    add("Identity", List.of(name), Map.of(), value);
  }

  private static ProtobufMessage end(String name, String doc, Object... sizes) {
    ProtobufMessage shape = new ProtobufMessage();
    for (Object size : sizes) {
      ProtobufMessage axis = new ProtobufMessage();
      shape.message(
          1, size instanceof Integer fixed ? axis.number(1, fixed) : axis.text(2, size.toString()));
    }
    ProtobufMessage tensor = new ProtobufMessage().number(1, FLOAT).message(2, shape);
    return new ProtobufMessage()
        .text(1, name)
        .message(2, new ProtobufMessage().message(1, tensor))
        .text(3, doc);
  }

  /** Adds constant numbers with the values and the shape of a tensor; returns their name. */
  public String constant(String name, Tensor tensor) {
    return constant(name, tensor.toArray(), tensor.shape());
  }

  /** Adds constant numbers; returns their name. */
  public String constant(String name, float[] values, int... shape) {
    byte[] raw = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return constant(name, FLOAT, raw, shape);
  }

  /** Adds a constant number; returns its name. */
  public String scalar(String name, float value) {
    return constant(name, new float[] {value});
  }

  /** Adds a list of whole numbers, such as a shape; returns its name. */
  public String list(String name, long... values) {
    byte[] raw = new byte[values.length * Long.BYTES];
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(values);
    return constant(name, INT64, raw, values.length);
  }

  /** Adds constant numbers of a type of ONNX by their bytes, which must not change any more. */
  String constant(String name, int type, byte[] raw, int... shape) {
    String full = unused(name);
    ProtobufMessage tensor = new ProtobufMessage();
    for (int size : shape) {
      tensor.number(1, size);
    }
    constants.message(5, tensor.number(2, type).text(8, full).bytes(9, raw));
    return full;
  }

  /** Adds a node without attributes; returns the name of its value. */
  public String node(String operator, String... inputs) {
    return node(operator, Map.of(), inputs);
  }

  /**
   * Adds a node; returns the name of its value.
   *
   * @param attributes whole numbers, lists of them (int[]), or texts
   */
  public String node(String operator, Map<String, ?> attributes, String... inputs) {
    return add(operator, List.of(unused(operator)), attributes, inputs);
  }

  /** Adds a node that has two values; returns the name of the second one. */
  public String second(String operator, Map<String, ?> attributes, String... inputs) {
    List<String> values = List.of(unused(operator), unused(operator));
    add(operator, values, attributes, inputs);
    return values.getLast();
  }

  private String add(
      String operator, List<String> values, Map<String, ?> attributes, String... inputs) {
    ProtobufMessage node = new ProtobufMessage();
    for (String input : inputs) {
      node.text(1, input);
    }
    values.forEach(value -> node.text(2, value));
    node.text(3, values.getFirst()).text(4, operator);
    attributes.forEach((name, set) -> node.message(5, attribute(name, set)));
    nodes.message(1, node);
    return values.getFirst();
  }

  private static ProtobufMessage attribute(String name, Object value) {
    ProtobufMessage attribute = new ProtobufMessage().text(1, name);
    switch (value) {
      case Integer number -> attribute.number(3, number).number(20, 2);
      case String text -> attribute.text(4, text).number(20, 3);
      case int[] list -> {
        for (int number : list) {
          attribute.number(8, number);
        }
        attribute.number(20, 7);
      }
      default -> throw new IllegalArgumentException("an attribute cannot be " + value);
    }
    return attribute;
  }

  /** Adds an entry to the metadata of the file. */
  public void metadata(String key, String value) {
    metadata.put(key, value);
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @param version of this program
   * @throws CheckpointException if it cannot be written, or is over 2 GB
   */
  public void write(Path file, String version) throws CheckpointException {
    ProtobufMessage graph = new ProtobufMessage();
    graph.append(nodes).text(2, "network").append(constants).append(ends);
    ProtobufMessage model =
        new ProtobufMessage()
            .number(1, FORMAT)
            .text(2, "FastHebb")
            .text(3, version)
            .message(7, graph)
            .message(8, new ProtobufMessage().text(1, "").number(2, OPSET));
    metadata.forEach(
        (key, value) -> model.message(14, new ProtobufMessage().text(1, key).text(2, value)));
    if (model.size() > MOST) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s would have %.1f GB, and an ONNX file can have 2 at most; export a model for"
                  + " smaller images, or one with fewer neurons",
              file,
              model.size() * 1e-9));
    }
    AtomicFile.write(
        file,
        out -> {
          OutputStream buffered = new BufferedOutputStream(out);
          model.write(buffered);
          buffered.flush();
        });
  }
}
