package org.fasthebb.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A made-up ImageNet of given image files, in the layouts of the real one.
 *
 * <p>Class {@code id} (ILSVRC2012_ID, from 1) is the {@code id}-th of its wnids from the end, so
 * ids and ranks differ. The files are used in turn.
 *
 * @param classes how many classes
 * @param train training images of each class
 * @param val validation images of each class
 * @param files the image files
 */
public record MadeImageNet(int classes, int train, int val, List<byte[]> files) {
  private static final int BLOCK = 512;

  /**
   * Writes the official archives: {@code DIR CLASSES TRAIN VAL FILE..}, where TRAIN and VAL are
   * images of each class, and a FILE may be a folder of images.
   */
  public static void main(String[] args) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (String name : Arrays.asList(args).subList(4, args.length)) {
      try (Stream<Path> paths = Files.walk(Path.of(name))) {
        for (Path file : paths.filter(Files::isRegularFile).sorted().toList()) {
          files.add(Files.readAllBytes(file));
        }
      }
    }
    int[] numbers = Stream.of(args).skip(1).limit(3).mapToInt(Integer::parseInt).toArray();
    Path dir = Files.createDirectories(Path.of(args[0]));
    new MadeImageNet(numbers[0], numbers[1], numbers[2], files).writeArchives(dir);
  }

  /** The wnid of a class, from 1; the last has the first of the sorted wnids. */
  public String wnid(int id) {
    return String.format(Locale.ROOT, "n%08d", 1_440_000 + 10 * (classes - id));
  }

  /** The words of a class. */
  public String words(int id) {
    return "thing " + id + ", Res " + id;
  }

  /** The name of training image {@code k}, from 0. */
  public String trainName(int id, int k) {
    return wnid(id) + "_" + (k + 1) + ".JPEG";
  }

  /** The content of training image {@code k}, from 0. */
  public byte[] trainFile(int id, int k) {
    return files.get(((id - 1) * train + k) % files.size());
  }

  /** The class of validation image {@code v}, from 0. */
  public int valClass(int v) {
    return v % classes + 1;
  }

  /** The name of validation image {@code v}, from 0, without .JPEG. */
  public String valName(int v) {
    return String.format(Locale.ROOT, "ILSVRC2012_val_%08d", v + 1);
  }

  /** The content of validation image {@code v}, from 0. */
  public byte[] valFile(int v) {
    return files.get(v % files.size());
  }

  /** Writes ILSVRC2012_img_train.tar, ILSVRC2012_img_val.tar and the development kit. */
  public void writeArchives(Path dir) throws IOException {
    try (OutputStream tar = out(dir.resolve("ILSVRC2012_img_train.tar"))) {
      for (int id = 1; id <= classes; id++) {
        long size = 2 * BLOCK;
        for (int k = 0; k < train; k++) {
          size += BLOCK + padded(trainFile(id, k).length);
        }
        tar.write(header(wnid(id) + ".tar", size));
        for (int k = 0; k < train; k++) {
          entry(tar, trainName(id, k), trainFile(id, k));
        }
        tar.write(new byte[2 * BLOCK]);
      }
      tar.write(new byte[2 * BLOCK]);
    }
    try (OutputStream tar = out(dir.resolve("ILSVRC2012_img_val.tar"))) {
      for (int v = 0; v < classes * val; v++) {
        entry(tar, valName(v) + ".JPEG", valFile(v));
      }
      tar.write(new byte[2 * BLOCK]);
    }
    writeKit(dir, metaMat(), truth());
  }

  /** Writes a development kit of these two files. */
  public static void writeKit(Path dir, byte[] meta, byte[] truth) throws IOException {
    Path kit = dir.resolve("ILSVRC2012_devkit_t12.tar.gz");
    try (OutputStream tar = new GZIPOutputStream(out(kit))) {
      String data = "ILSVRC2012_devkit_t12/data/";
      entry(tar, "ILSVRC2012_devkit_t12/readme.txt", "ILSVRC2012".getBytes(UTF_8));
      entry(tar, data + "ILSVRC2012_validation_ground_truth.txt", truth);
      entry(tar, data + "meta.mat", meta);
      tar.write(new byte[2 * BLOCK]);
    }
  }

  /** The ids of the validation images, one a line. */
  public byte[] truth() {
    return IntStream.range(0, classes * val)
        .mapToObj(v -> valClass(v) + "\n")
        .collect(Collectors.joining())
        .getBytes(UTF_8);
  }

  /** Writes Kaggle's folders and lists. */
  public void writeKaggle(Path dir) throws IOException {
    Path images = dir.resolve("ILSVRC/Data/CLS-LOC");
    StringBuilder mapping = new StringBuilder();
    for (int id = classes; id >= 1; id--) {
      mapping.append(wnid(id)).append(' ').append(words(id)).append('\n');
    }
    StringBuilder solution = new StringBuilder("ImageId,PredictionString\n");
    Path folder = Files.createDirectories(images.resolve("val"));
    for (int v = classes * val - 1; v >= 0; v--) {
      solution.append(valName(v)).append(',').append(wnid(valClass(v))).append(" 1 2 30 40 \n");
      Files.write(folder.resolve(valName(v) + ".JPEG"), valFile(v));
    }
    Files.writeString(dir.resolve("LOC_synset_mapping.txt"), mapping);
    Files.writeString(dir.resolve("LOC_val_solution.csv"), solution);
    writeTrain(images.resolve("train"));
  }

  /** Writes train/WNID and val/WNID. */
  public void writeFolders(Path dir) throws IOException {
    writeTrain(dir.resolve("train"));
    for (int v = 0; v < classes * val; v++) {
      Path folder = Files.createDirectories(dir.resolve("val").resolve(wnid(valClass(v))));
      Files.write(folder.resolve(valName(v) + ".JPEG"), valFile(v));
    }
  }

  private void writeTrain(Path dir) throws IOException {
    for (int id = 1; id <= classes; id++) {
      Path folder = Files.createDirectories(dir.resolve(wnid(id)));
      for (int k = 0; k < train; k++) {
        Files.write(folder.resolve(trainName(id, k)), trainFile(id, k));
      }
    }
  }

  private static OutputStream out(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
  }

  private static long padded(long length) {
    return (length + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** Writes a file of an archive. */
  public static void entry(OutputStream tar, String name, byte[] content) throws IOException {
    tar.write(header(name, content.length));
    tar.write(content);
    tar.write(new byte[(int) padded(content.length) - content.length]);
  }

  private static byte[] header(String name, long size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(header, 124, String.format(Locale.ROOT, "%011o\0", size));
    put(header, 136, "11747206143\0" + "        0");
    put(header, 257, "ustar\0" + "00");
    return TarChecksums.mended(header);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** The classes, and a synset above them, as a MATLAB 5 file with one compressed variable. */
  public byte[] metaMat() {
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    for (int id = 1; id <= classes; id++) {
      synset(values, id, wnid(id), words(id), 0);
    }
    synset(values, classes + 1, "n00001740", "entity", classes);
    String fields =
        Stream.of("ILSVRC2012_ID", "WNID", "words", "gloss", "num_children")
            .map(name -> name + "\0".repeat(15 - name.length()))
            .collect(Collectors.joining());
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(element(6, little(8).putInt(2).putInt(0))); // flags: a structure
    body.writeBytes(element(5, little(8).putInt(classes + 1).putInt(1)));
    body.writeBytes(element(1, ByteBuffer.wrap("synsets".getBytes(UTF_8)).position(7)));
    body.writeBytes(written(little(8).putInt((4 << 16) | 5).putInt(15))); // the short form
    body.writeBytes(element(1, little(fields.length()).put(fields.getBytes(UTF_8))));
    body.writeBytes(values.toByteArray());
    byte[] matrix = element(14, little(body.size()).put(body.toByteArray()));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(packed)) {
      out.write(matrix);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    ByteBuffer file = little(128 + 8 + packed.size());
    file.put("MATLAB 5.0 MAT-file".getBytes(UTF_8)).position(124);
    file.putShort((short) 0x0100).put((byte) 'I').put((byte) 'M');
    return written(file.putInt(15).putInt(packed.size()).put(packed.toByteArray()));
  }

  private static void synset(
      ByteArrayOutputStream out, int id, String wnid, String words, int children) {
    out.writeBytes(number(id));
    out.writeBytes(text(wnid));
    out.writeBytes(text(words));
    out.writeBytes(text("what it is"));
    out.writeBytes(number(children));
  }

  /** A 1x1 matrix of class double, whose value is a 16-bit integer. */
  private static byte[] number(int value) {
    ByteBuffer data = little(8).putInt((2 << 16) | 4).putShort((short) value).putShort((short) 0);
    return matrix(6, 1, written(data));
  }

  private static byte[] text(String text) {
    ByteBuffer chars = little(2 * text.length());
    text.chars().forEach(c -> chars.putShort((short) c));
    return matrix(4, text.length(), element(4, chars));
  }

  private static byte[] matrix(int kind, int columns, byte[] data) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(element(6, little(8).putInt(kind).putInt(0)));
    body.writeBytes(element(5, little(8).putInt(1).putInt(columns)));
    body.writeBytes(element(1, little(0)));
    body.writeBytes(data);
    return element(14, little(body.size()).put(body.toByteArray()));
  }

  private static byte[] element(int type, ByteBuffer full) {
    byte[] content = written(full);
    int padded = (content.length + 7) / 8 * 8;
    ByteBuffer element = little(8 + padded).putInt(type).putInt(content.length).put(content);
    return written(element.position(8 + padded));
  }

  private static byte[] written(ByteBuffer full) {
    byte[] bytes = new byte[full.position()];
    full.get(0, bytes);
    return bytes;
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
