package org.fasthebb.models.use;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.Problems;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.inputs.StepProgress;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.SafeTensors;
import org.fasthebb.models.learn.SavePace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index of a folder of photos: built, brought up to date, searched, damaged. */
class PhotoIndexTest {
  @TempDir static Path home;
  private static Model model;

  @TempDir Path folder;
  private final List<String> failed = new ArrayList<>();
  private final List<PhotoIndex> opened = new ArrayList<>();

  @BeforeAll
  static void load() throws IOException {
    model = Model.load(TinyModel.writePretrained(home.resolve("pretrained.safetensors")));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @BeforeEach
  void writePhotos() throws IOException {
    for (int i = 0; i < 6; i++) {
      TinyModel.writePhoto(folder.resolve((i % 2 == 0 ? "even/" : "odd/") + i + ".png"), i);
    }
  }

  private PhotoIndex open() throws CheckpointException {
    return open(folder, null, Orientation.UPRIGHT);
  }

  private PhotoIndex open(Path photos, Path file, Orientation orientation)
      throws CheckpointException {
    return open(photos, file, orientation, model.layers().getLast());
  }

  private PhotoIndex open(Path photos, Path file, Orientation orientation, String layer)
      throws CheckpointException {
    PhotoIndex index = PhotoIndex.open(model, photos, file, orientation, layer);
    opened.add(index);
    return index;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(PhotoIndex::close);
  }

  private int update(PhotoIndex index) throws CheckpointException {
    return update(index, SavePace.USUAL, (_, _, _, _, _) -> {});
  }

  private int update(PhotoIndex index, SavePace pace, StepProgress progress)
      throws CheckpointException {
    return index.update(Problems.STOP, e -> failed.add(e.getMessage()), pace, progress);
  }

  private static float[] features(Path photo) {
    return features(photo, model.layers().getLast());
  }

  private static float[] features(Path photo, String layer) {
    Photos one = new Photos(List.of(photo), model.side(), Orientation.UPRIGHT);
    List<float[]> rows = new ArrayList<>();
    one.features(model, layer, PhotoIndex.FORM, e -> {}, (_, row) -> rows.add(row));
    return rows.getFirst();
  }

  private static double cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  @Test
  void findsWhatComparingOneByOneFinds() throws IOException {
    PhotoIndex index = open();
    assertEquals(6, update(index));
    Path query = TinyModel.writePhoto(home.resolve("query.png"), 77);
    Map<Double, String> expected = new TreeMap<>(Comparator.reverseOrder());
    for (int i = 0; i < 6; i++) {
      String name = (i % 2 == 0 ? "even/" : "odd/") + i + ".png";
      expected.put(cosine(features(query), features(folder.resolve(name))), name);
    }
    List<PhotoIndex.Match> found = index.nearest(List.of(features(query)), 4).getFirst();
    assertEquals(
        expected.values().stream().limit(4).toList(),
        found.stream().map(PhotoIndex.Match::name).toList());
    assertArrayEquals(
        expected.keySet().stream().limit(4).mapToDouble(Double::doubleValue).toArray(),
        found.stream().mapToDouble(PhotoIndex.Match::cosine).toArray(),
        1e-5);
    List<float[]> itself = List.of(features(folder.resolve("odd/3.png")));
    assertEquals("odd/3.png", index.nearest(itself, 1).getFirst().getFirst().name());
    assertEquals(6, index.nearest(itself, 99).getFirst().size());
  }

  @Test
  void onlyWhatIsNewOrChangedIsComputed() throws IOException {
    assertEquals(6, update(open()));
    assertEquals(0, update(open()));
    TinyModel.writePhoto(folder.resolve("new/9.png"), 9);
    Files.setLastModifiedTime(folder.resolve("even/0.png"), FileTime.fromMillis(86_400_000));
    Files.delete(folder.resolve("odd/1.png"));
    PhotoIndex index = open();
    assertEquals(6, index.size());
    assertEquals(2, update(index));
    assertEquals(6, index.size());
    PhotoIndex again = open();
    assertEquals(6, again.size());
    List<float[]> query = List.of(features(folder.resolve("new/9.png")));
    assertEquals("new/9.png", again.nearest(query, 1).getFirst().getFirst().name());
    assertTrue(
        again.nearest(query, 6).getFirst().stream().noneMatch(m -> m.name().equals("odd/1.png")));
    PhotoIndex anew = open(folder, home.resolve("anew.safetensors"), Orientation.UPRIGHT);
    assertEquals(6, update(anew));
    assertEquals(anew.nearest(query, 6), index.nearest(query, 6), "as if it were built at once");
  }

  /** Other programs read the index as any safetensors file. */
  @Test
  void theFileHoldsTheFeatures() throws IOException {
    PhotoIndex index = open();
    update(index);
    try (SafeTensors saved = SafeTensors.read(index.file())) {
      saved.verifyChecksum();
      assertFalse(saved.metadata().get("identity").contains("layer"));
      int width = features(folder.resolve("even/0.png")).length;
      assertArrayEquals(new int[] {6, width}, saved.shape("features"));
      for (int i = 0; i < 6; i++) {
        String name = List.of("even/0", "even/2", "even/4", "odd/1", "odd/3", "odd/5").get(i);
        float[] expected = features(folder.resolve(name + ".png"));
        assertArrayEquals(expected, saved.floats("features", (long) i * width, width), 1e-6f);
      }
    }
  }

  /** Each layer has an index of its own; conv1 is among the outputs that pooling may swallow. */
  @Test
  void photosAreComparedByAnyLayer() throws IOException {
    for (String layer : model.layers()) {
      PhotoIndex index = open(folder, null, Orientation.UPRIGHT, layer);
      assertEquals(6, update(index), layer);
      float[] query = features(folder.resolve("even/2.png"), layer);
      PhotoIndex.Match second = index.nearest(List.of(query), 2).getFirst().getLast();
      double expected =
          List.of("even/0", "even/4", "odd/1", "odd/3", "odd/5").stream()
              .mapToDouble(name -> cosine(query, features(folder.resolve(name + ".png"), layer)))
              .max()
              .orElseThrow();
      assertEquals(expected, second.cosine(), 1e-5, layer);
    }
    assertEquals(model.layers().size(), opened.stream().map(PhotoIndex::file).distinct().count());
    assertThrows(IllegalArgumentException.class, () -> features(home, "conv9"));
  }

  @Test
  void anUpdateThatWasKilledGoesOn() throws IOException {
    StepProgress killer =
        (_, _, _, done, _) -> {
          if (done == 4) {
            throw new IllegalStateException("killed");
          }
        };
    PhotoIndex first = open();
    assertThrows(IllegalStateException.class, () -> update(first, SavePace.every(0), killer));
    PhotoIndex second = open();
    assertEquals(3, second.size());
    assertEquals(3, update(second));
    assertEquals(6, second.size());
  }

  @Test
  void aPhotoThatCannotBeReadIsLeftOutAndTriedAgain() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.png"), "no image");
    PhotoIndex index = open();
    assertEquals(6, update(index));
    assertEquals(1, failed.size());
    assertTrue(failed.getFirst().contains("bad.png cannot be read"), failed.getFirst());
    Files.setLastModifiedTime(TinyModel.writePhoto(bad, 8), FileTime.fromMillis(1));
    assertEquals(1, update(index));
    assertEquals(7, index.size());
    assertEquals(1, failed.size());
  }

  @Test
  void everyDamageIsNoticed() throws IOException {
    PhotoIndex index = open();
    update(index);
    byte[] whole = Files.readAllBytes(index.file());
    // The checksum of the whole file is for other programs; rows and the rest have their own here.
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    int unread = text.indexOf("\"sha256\"");
    int read = text.indexOf(',', unread);
    int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
    List<float[]> query = List.of(features(folder.resolve("odd/1.png")));
    for (int at = 0; at < whole.length; at += at < header ? 1 : 1 + whole.length / 60) {
      if (at >= unread && at < read) {
        continue;
      }
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(index.file(), damaged);
      Exception e = assertThrows(Exception.class, () -> open().nearest(query, 1), "byte " + at);
      assertTrue(e instanceof CheckpointException || e instanceof DataException, e.toString());
      assertTrue(e.getMessage().contains(index.file().toString()), e.getMessage());
      closeAll();
    }
    for (int length : new int[] {0, 7, 100, whole.length / 2, whole.length - 1}) {
      Files.write(index.file(), Arrays.copyOf(whole, length));
      assertThrows(CheckpointException.class, this::open, "length " + length);
    }
  }

  @Test
  void anIndexOfAnotherVersionIsRefused() throws IOException {
    PhotoIndex index = open();
    update(index);
    Path file = index.file();
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(
        file, text.replace("fasthebb-photos-2", "fasthebb-photos-1"), StandardCharsets.ISO_8859_1);
    assertEquals(
        file + " is an index of another version; remove it and run again, and it is made anew",
        assertThrows(CheckpointException.class, this::open).getMessage());
  }

  /** What is damaged must not get a new checksum when other photos change. */
  @Test
  void damagedFeaturesAreNotSavedAgain() throws IOException {
    PhotoIndex index = open();
    update(index);
    byte[] damaged = Files.readAllBytes(index.file());
    damaged[damaged.length - 1] ^= 1;
    Files.write(index.file(), damaged);
    PhotoIndex again = open();
    Files.delete(folder.resolve("even/0.png"));
    assertThrows(DataException.class, () -> update(again));
    assertArrayEquals(damaged, Files.readAllBytes(index.file()));
  }

  @Test
  void anotherFileIsNeverOverwritten() throws IOException {
    Path other = home.resolve("other.safetensors");
    TinyModel.writePretrained(other);
    String isModel =
        assertThrows(CheckpointException.class, () -> open(folder, other, Orientation.UPRIGHT))
            .getMessage();
    assertTrue(isModel.contains("is no index of photos"), isModel);
    Path mine = home.resolve("mine.safetensors");
    update(open(folder, mine, Orientation.UPRIGHT));
    String turned =
        assertThrows(CheckpointException.class, () -> open(folder, mine, Orientation.STORED))
            .getMessage();
    assertTrue(
        turned.contains("another model or layer, or with photos turned another way"), turned);
  }

  @Test
  void anEmptyFolderHasNothingToFind(@TempDir Path empty) throws IOException {
    PhotoIndex index = open(empty, null, Orientation.UPRIGHT);
    assertEquals(0, update(index));
    List<float[]> query = List.of(features(folder.resolve("odd/1.png")));
    assertThrows(IllegalStateException.class, () -> index.nearest(query, 3));
    assertFalse(Files.exists(index.file().getParent()), "nothing is written into it");
    assertEquals(0, open(empty, null, Orientation.UPRIGHT).size());
  }
}
