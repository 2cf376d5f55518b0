package org.fasthebb.models.imagenet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.data.Inspection;
import org.fasthebb.models.data.Subset;
import org.fasthebb.testing.MadeImageNet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageNetTest {
  private static final String TRAIN = "ILSVRC2012_img_train.tar";
  private static final String VAL = "ILSVRC2012_img_val.tar";
  private static final String KIT = "ILSVRC2012_devkit_t12.tar.gz";

  /** Eleven images a class, so that names in order of their numbers are not sorted. */
  private static final int EACH = 11;

  @TempDir Path dir;

  /** Twelve images of one colour each, which is 20 times their number; every other is a PNG. */
  private static MadeImageNet made(int classes) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      BufferedImage image = new BufferedImage(12 + i, 10, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < image.getWidth() * 10; p++) {
        image.setRGB(p % image.getWidth(), p / image.getWidth(), 0x010101 * 20 * i);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(image, i % 2 == 0 ? "jpeg" : "png", out);
      files.add(out.toByteArray());
    }
    return new MadeImageNet(classes, EACH, 2, files);
  }

  private static DataSet read(Path dir) {
    return ImageNet.read(
        dir,
        8,
        note -> {
          throw new AssertionError(note);
        });
  }

  private static int firstByte(ImageSource set, int index) {
    byte[] image = new byte[set.imageBytes()];
    set.read(index, image, 0);
    return Byte.toUnsignedInt(image[0]);
  }

  /** The content of an image by the number of its file. */
  private static int grey(MadeImageNet made, byte[] file) {
    return 20 * made.files().indexOf(file);
  }

  @Test
  void archives() throws IOException {
    MadeImageNet made = made(3);
    made.writeArchives(dir);
    DataSet data = read(dir);
    assertEquals("imagenet", data.name());
    // Id 3 has the first wnid.
    assertEquals(List.of("thing 3", "thing 2", "thing 1"), data.train().classNames());
    assertEquals(3 * EACH, data.train().size());
    assertEquals(6, data.test().size());
    List<Integer> sorted = List.of(0, 9, 10, 1, 2, 3, 4, 5, 6, 7, 8); // _1, _10, _11, _2, ..
    for (int i = 0; i < data.train().size(); i++) {
      int id = 3 - i / EACH;
      int k = sorted.get(i % EACH);
      assertEquals(i / EACH, data.train().label(i));
      assertEquals(made.trainName(id, k), data.train().nameOf(i));
      assertEquals(grey(made, made.trainFile(id, k)), firstByte(data.train(), i));
      assertArrayEquals(made.trainFile(id, k), data.train().encoded(i));
    }
    int[] order = {2, 5, 1, 4, 0, 3}; // by the class of each, which is 3 for images 2 and 5
    for (int i = 0; i < order.length; i++) {
      assertEquals(made.valName(order[i]) + ".JPEG", data.test().nameOf(i));
      assertEquals(3 - made.valClass(order[i]), data.test().label(i));
      assertEquals(grey(made, made.valFile(order[i])), firstByte(data.test(), i));
    }
  }

  @Test
  void allLayoutsGiveTheSameData() throws IOException {
    MadeImageNet made = made(3);
    Path archives = Files.createDirectory(dir.resolve("archives"));
    Path kaggle = Files.createDirectory(dir.resolve("kaggle"));
    Path folders = Files.createDirectory(dir.resolve("folders"));
    made.writeArchives(archives);
    made.writeKaggle(kaggle);
    made.writeFolders(folders);
    DataSet data = read(archives);
    assertEquals(data.fingerprint(), read(archives).fingerprint());
    for (Path other : List.of(kaggle, kaggle.resolve("ILSVRC"), folders)) {
      assertTrue(ImageNet.isIn(other));
      DataSet same = read(other);
      assertEquals(data.fingerprint(), same.fingerprint());
      assertArrayEquals(data.train().labels(), same.train().labels());
      for (int i = 0; i < data.train().size(); i++) {
        assertArrayEquals(data.train().encoded(i), same.train().encoded(i));
      }
    }
    assertEquals(data.train().classNames(), read(kaggle).train().classNames());
    List<String> wnids = List.of(made.wnid(3), made.wnid(2), made.wnid(1));
    assertEquals(wnids, read(folders).train().classNames());
    Files.copy(archives.resolve(KIT), folders.resolve(KIT));
    assertEquals(data.train().classNames(), read(folders).train().classNames());
    Files.delete(folders.resolve(KIT));
    Files.copy(kaggle.resolve("LOC_synset_mapping.txt"), folders.resolve("LOC_synset_mapping.txt"));
    assertEquals(data.train().classNames(), read(folders).train().classNames());
  }

  @Test
  void fingerprintSeesNamesLengthsLabelsPixelsAndSide() throws IOException {
    MadeImageNet made = made(2);
    made.writeFolders(dir);
    Path folder = dir.resolve("train").resolve(made.wnid(1));
    Path file = folder.resolve(made.trainName(1, 4));
    String before = read(dir).fingerprint();
    assertNotEquals(before, ImageNet.read(dir, 9, _ -> {}).fingerprint());
    Files.write(file, new byte[1], StandardOpenOption.APPEND);
    assertNotEquals(before, read(dir).fingerprint());
    Files.write(file, made.trainFile(1, 4));
    assertEquals(before, read(dir).fingerprint());
    Path renamed = Files.move(file, folder.resolve("n01440010_50.JPEG"));
    assertNotEquals(before, read(dir).fingerprint());
    Files.move(renamed, dir.resolve("train").resolve(made.wnid(2)).resolve(made.trainName(1, 4)));
    assertNotEquals(before, read(dir).fingerprint());
  }

  @Test
  void twoClassesOfOneNameAreToldApart() {
    Synsets synsets =
        Synsets.of(
            List.of("n03126707", "n02012849", "n01440764"),
            Map.of("n03126707", "crane", "n02012849", "crane", "n01440764", "tench, Tinca tinca"));
    assertEquals(List.of("n01440764", "n02012849", "n03126707"), synsets.wnids());
    assertEquals(List.of("tench", "crane (n02012849)", "crane (n03126707)"), synsets.names());
  }

  private void assertRefused(String sentence) {
    var error = assertThrows(DataException.class, () -> ImageNet.read(dir, 8, _ -> {}));
    assertEquals(sentence, error.getMessage());
    assertEquals(
        sentence, ImageNet.inspect(dir, (_, _, _) -> {}).problems().getFirst(), "by a check");
  }

  @Test
  void archivesThatAreNotComplete() throws IOException {
    MadeImageNet made = made(3);
    made.writeArchives(dir);
    Path kit = Files.move(dir.resolve(KIT), dir.resolve("kit"));
    String beside = "; download it from image-net.org to lie beside the other archives.";
    assertRefused(dir + " lacks " + KIT + beside);
    Path val = Files.move(dir.resolve(VAL), dir.resolve("val.tar"));
    assertRefused(dir + " lacks " + VAL + " and " + KIT + beside);
    Files.move(kit, dir.resolve(KIT));
    Files.move(val, dir.resolve(VAL));
    assertEquals(3, read(dir).train().classes());

    MadeImageNet.writeKit(dir, made.metaMat(), "3\n2\n4\n".getBytes(UTF_8));
    assertRefused(
        dir.resolve(KIT)
            + " has the line '4' in data/ILSVRC2012_validation_ground_truth.txt, which is no"
            + " ILSVRC2012_ID of a class; get it again.");
    MadeImageNet.writeKit(dir, "no mat".getBytes(UTF_8), made.truth());
    assertRefused(
        dir.resolve(KIT)
            + " cannot be read (data/meta.mat: it is no MATLAB 5 file, or damaged); get it again.");
    MadeImageNet.writeKit(dir, made.metaMat(), "3\n2\n1\n3\n2".getBytes(UTF_8));
    assertRefused(
        dir.resolve(VAL)
            + " holds ILSVRC2012_val_00000006.JPEG, which the 5 lines of ground truth in "
            + KIT
            + " do not name; get it again.");
    MadeImageNet.writeKit(dir, made.metaMat(), "1\n2\n3\n1\n2\n3\n1\n".getBytes(UTF_8));
    assertRefused(
        "%s has 6 of the 7 images in the ground truth of %s; get it again."
            .formatted(dir.resolve(VAL), KIT));
    made(4).writeArchives(dir);
    MadeImageNet.writeKit(dir, made.metaMat(), made.truth());
    // The kit of three classes lacks the last wnid of four.
    assertRefused(
        "%s holds %s.tar, which is no class of %s; get both again from the same place."
            .formatted(dir.resolve(TRAIN), made(4).wnid(1), KIT));
    made.writeArchives(dir);
    MadeImageNet.writeKit(dir, made(4).metaMat(), made.truth());
    assertRefused(
        "%s has no %s.tar, which is a class of %s; get it again."
            .formatted(dir.resolve(TRAIN), made(4).wnid(1), KIT));
    Files.write(dir.resolve(KIT), new byte[100]);
    assertTrue(
        assertThrows(DataException.class, () -> read(dir)).getMessage().contains("cannot be read"));
  }

  @Test
  void archivesThatAreCutShort() throws IOException {
    MadeImageNet made = made(3);
    made.writeArchives(dir);
    long length = Files.size(dir.resolve(TRAIN));
    for (long cut : new long[] {600, 1025, 2000, length / 2, length - 100}) {
      made.writeArchives(dir);
      try (var file = new RandomAccessFile(dir.resolve(TRAIN).toFile(), "rw")) {
        file.setLength(length - cut);
      }
      assertRefused(dir.resolve(TRAIN) + " is cut short; get it again.");
    }
    made.writeArchives(dir);
    try (var file = new RandomAccessFile(dir.resolve(TRAIN).toFile(), "rw")) {
      file.setLength(600); // amid the first class
    }
    assertEquals(
        List.of(
            "%s has no %s.tar, nor 1 more of the classes of %s; get it again."
                .formatted(dir.resolve(TRAIN), made.wnid(3), KIT)),
        ImageNet.inspect(dir, (_, _, _) -> {}).problems().stream()
            .filter(problem -> problem.startsWith(dir.resolve(TRAIN) + " has no "))
            .toList());
    made.writeArchives(dir);
    try (var file = new RandomAccessFile(dir.resolve(VAL).toFile(), "rw")) {
      file.setLength(3000);
    }
    assertRefused(dir.resolve(VAL) + " is cut short; get it again.");
  }

  @Test
  void otherFilesInArchivesAreCounted() throws IOException {
    made(2).writeArchives(dir);
    byte[] val = Files.readAllBytes(dir.resolve(VAL));
    try (OutputStream tar = Files.newOutputStream(dir.resolve(VAL))) {
      MadeImageNet.entry(tar, "._ILSVRC2012_val_00000001.JPEG", new byte[3]);
      MadeImageNet.entry(tar, "val/readme.txt", new byte[600]);
      tar.write(val);
    }
    List<String> notes = new ArrayList<>();
    DataSet data = ImageNet.read(dir, 8, notes::add);
    assertEquals(
        List.of("2 files in " + dir + " are left out: hidden (1), not an image (1)."), notes);
    assertEquals(4, data.test().size());
    Inspection found = ImageNet.inspect(dir, (_, _, _) -> {});
    assertEquals(List.of(), found.problems());
    assertEquals(2, found.passedOver().size());
  }

  @Test
  void anImageThatCannotBeReadIsNamed() throws IOException {
    MadeImageNet made = made(2);
    made.files().set(3, "no image".getBytes(UTF_8));
    made.writeArchives(dir);
    DataSet data = read(dir);
    String name = "%s!%s.tar!%s".formatted(dir.resolve(TRAIN), made.wnid(1), made.trainName(1, 3));
    int index =
        IntStream.range(0, data.train().size())
            .filter(i -> data.train().nameOf(i).equals(made.trainName(1, 3)))
            .findFirst()
            .orElseThrow();
    var error = assertThrows(DataException.class, () -> data.train().read(index, new byte[192], 0));
    String sentence =
        " cannot be read as an image (not a known image format); save it again as an RGB PNG or"
            + " JPEG, or remove it.";
    assertEquals(name + sentence, error.getMessage());
    Inspection found = ImageNet.inspect(dir, (_, _, _) -> {});
    assertEquals("imagenet (archives)", found.layout());
    assertEquals(20, found.train().images()); // the file is used twice
    assertTrue(found.problems().contains(name + sentence), found.problems().toString());
    String val = dir.resolve(VAL) + "!" + made.valName(3) + ".JPEG";
    assertTrue(found.problems().contains(val + sentence), found.problems().toString());
    Files.delete(dir.resolve(TRAIN));
    error = assertThrows(DataException.class, () -> data.train().read(0, new byte[192], 0));
    assertTrue(error.getMessage().contains("cannot be read as an image (there is no such file)"));
  }

  @Test
  void kaggleFoldersThatAreNotComplete() throws IOException {
    MadeImageNet made = made(2);
    made.writeKaggle(dir);
    Path images = dir.resolve("ILSVRC/Data/CLS-LOC");
    Path solution = dir.resolve("LOC_val_solution.csv");
    Path image = images.resolve("val").resolve(made.valName(1) + ".JPEG");
    Files.move(image, dir.resolve("x"));
    assertRefused(
        "%s lacks 1 images that %s names, such as %s; unpack it again."
            .formatted(images.resolve("val"), solution, made.valName(1)));
    Files.move(dir.resolve("x"), image);
    Path stray = Files.createDirectory(images.resolve("train/n99999999"));
    assertRefused(stray + " is no class of LOC_synset_mapping.txt; remove it or add it there.");
    Files.delete(stray);
    Files.writeString(solution, "\nx.JPEG", StandardOpenOption.APPEND);
    assertRefused(
        solution + " has the line 'x.JPEG', which is no name, comma and class; get it again.");
    Files.delete(solution);
    assertRefused(
        solution
            + " is missing; expected LOC_synset_mapping.txt and LOC_val_solution.csv of Kaggle's"
            + " data set beside its folder ILSVRC.");
  }

  @Test
  void foldersThatAreNotComplete() throws IOException {
    assertFalse(ImageNet.isIn(dir));
    var error = assertThrows(DataException.class, () -> read(dir));
    assertTrue(error.getMessage().contains(" holds no ImageNet; expected " + TRAIN));
    MadeImageNet made = made(2);
    made.writeFolders(dir);
    made(3).writeKaggle(dir.resolve("other"));
    Files.copy(dir.resolve("other/LOC_synset_mapping.txt"), dir.resolve("LOC_synset_mapping.txt"));
    assertEquals(List.of("thing 3", "thing 2"), read(dir).train().classNames());
    Path stray = Files.createDirectory(dir.resolve("train/n99999999"));
    assertRefused(
        stray + " is no class of the list of classes in " + dir + "; remove one of the two.");
    Files.delete(stray);
    Path empty = Files.createDirectory(dir.resolve("train").resolve(made(3).wnid(1)));
    assertRefused(
        "%s has no images, but %s names that class; unpack it again."
            .formatted(empty, dir.resolve("train")));
    Files.delete(empty);
    stray = Files.createDirectory(dir.resolve("val/n99999999"));
    assertRefused(
        "%s is no class of %s; remove it or add it there.".formatted(stray, dir.resolve("train")));
    Files.delete(stray);
    Files.move(dir.resolve("val"), dir.resolve("v"));
    assertRefused(
        dir.resolve("val") + " is missing; expected images as train/WNID/FILE and val/WNID/FILE.");
  }

  @Test
  void aSubsetIsIdentifiedByItsFiles() throws IOException {
    made(3).writeArchives(dir);
    DataSet part = Subset.of(read(dir), 2, 5);
    assertEquals(10, part.train().size());
    assertEquals(4, part.test().size());
    assertTrue(part.train().identity(0).isPresent());
    assertEquals(part.fingerprint(), Subset.of(read(dir), 2, 5).fingerprint());
    assertNotEquals(part.fingerprint(), Subset.of(read(dir), 2, 4).fingerprint());
    assertNotEquals(part.fingerprint(), Subset.of(read(dir), 3, 5).fingerprint());
  }

  /** As many images as there really are, of 8x8 pixels each: what a run waits for, and keeps. */
  @Test
  @Tag("long")
  void theIndexOfAllImagesIsSmall() throws IOException {
    byte[] image = Arrays.copyOf("P5 8 8 255\n".getBytes(UTF_8), 11 + 64);
    MadeImageNet made = new MadeImageNet(1000, 1281, 50, List.of(image));
    made.writeArchives(dir);
    long before = used();
    long start = System.nanoTime();
    DataSet data = read(dir);
    assertEquals(64, data.fingerprint().length());
    double seconds = (System.nanoTime() - start) * 1e-9;
    long after = used();
    assertEquals(1_281_000, data.train().size());
    assertEquals(50_000, data.test().size());
    assertTrue(after - before < 100_000_000, after - before + " bytes");
    assertTrue(seconds < 3, seconds + " s");
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
