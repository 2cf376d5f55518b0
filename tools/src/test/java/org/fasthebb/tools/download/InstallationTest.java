package org.fasthebb.tools.download;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fasthebb.models.data.DataException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstallationTest {
  private static final Download.Timeouts IMPATIENT =
      new Download.Timeouts(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ZERO);

  /** Text that gzip cannot shrink much, so that the archive is long enough to be cut off. */
  private static final String LONG =
      new Random(1)
          .ints(50_000, 'a', 'z')
          .mapToObj(Character::toString)
          .collect(Collectors.joining());

  @TempDir Path parent;
  private Path dir;
  private byte[] archive;
  private ArchiveServer server;
  private final List<String> messages = new ArrayList<>();

  private final Watcher watcher =
      new Watcher() {
        @Override
        public void message(String text) {
          messages.add(text);
        }

        @Override
        public void step(String phase, long done, long total) {
          assertTrue(done > 0 && done <= total, () -> phase + " " + done + " of " + total);
        }
      };

  @BeforeEach
  void serve() throws IOException {
    dir = parent.resolve("data");
    archive = Archives.tarGz(Map.of("set/", "", "set/long.txt", LONG, "set/a/b.txt", "hello"));
    server = new ArchiveServer(archive);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Installation installation(Source source) {
    return new Installation(source, dir, watcher, IMPATIENT);
  }

  private Installation installation() {
    return installation(Archives.source(server.base(), "set.tar.gz", archive));
  }

  /** Checks that the data set is complete, and that nothing else is in the folder. */
  private void assertInstalled() throws IOException {
    assertEquals(LONG, Files.readString(dir.resolve("set/long.txt")));
    assertEquals("hello", Files.readString(dir.resolve("set/a/b.txt")));
    assertLeft("set");
  }

  private void assertLeft(String... names) throws IOException {
    try (Stream<Path> left = Files.list(dir)) {
      assertEquals(
          List.of(names), left.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  private String fails(Installation installation) {
    String sentence = assertThrows(DataException.class, installation::run).getMessage();
    assertTrue(sentence.endsWith("."), sentence);
    assertFalse(Files.exists(dir.resolve("set")));
    return sentence;
  }

  /** An installation of another archive, in an empty folder. */
  private Installation installation(String name, byte[] other) throws IOException {
    Disk.deleteAll(dir);
    server.file = other;
    return installation(Archives.source(server.base(), name, other));
  }

  private void assertFails(String expected, Installation installation) {
    String sentence = fails(installation);
    assertTrue(sentence.contains(expected), sentence);
  }

  /** Leaves part of a download, as an earlier process does that is killed. */
  private Path leavePart(byte[] bytes, String version) throws IOException {
    Files.createDirectories(dir);
    Files.writeString(dir.resolve("set.tar.gz.part.version"), version);
    return Files.write(dir.resolve("set.tar.gz.part"), bytes);
  }

  private byte[] beginning(int bytes) {
    return Arrays.copyOf(archive, bytes);
  }

  @Test
  void installsOnce() throws Exception {
    assertTrue(installation().run());
    assertInstalled();
    assertEquals(List.of("/sets/set.tar.gz null null"), server.requests());
    assertFalse(installation().run());
    assertEquals(1, server.requests().size());
  }

  @Test
  void zip() throws Exception {
    archive = Archives.zip(Map.of("set/", "", "set/long.txt", LONG, "set/a/b.txt", "hello"));
    server.file = archive;
    assertTrue(installation(Archives.source(server.base(), "set.zip", archive)).run());
    assertInstalled();
  }

  @Test
  void resumed() throws Exception {
    leavePart(beginning(1000), "\"one\"");
    // Other files that killed processes leave.
    Files.createDirectories(dir.resolve(".set.unpacking/set/old"));
    Files.writeString(dir.resolve(".set.lock"), "");
    assertTrue(installation().run());
    assertInstalled();
    assertEquals(List.of("/sets/set.tar.gz bytes=1000- \"one\""), server.requests());
  }

  @Test
  void completeButNotUnpackedNeedsNoServer() throws Exception {
    leavePart(archive, "\"one\"");
    assertTrue(installation().run());
    assertInstalled();
    assertEquals(List.of(), server.requests());
  }

  @Test
  void cutOffInTheMiddleAgainAndAgain() throws Exception {
    server.cut = _ -> 10_000;
    assertTrue(installation().run());
    assertInstalled();
    assertTrue(server.requests().size() > 2);
    assertEquals("/sets/set.tar.gz bytes=10000- \"one\"", server.requests().get(1));
    assertTrue(messages.contains("the connection broke after 0.0 MB; trying to continue"));
  }

  @Test
  void serverThatFallsSilent() throws Exception {
    server.cut = _ -> 10_000;
    server.hangs = true;
    assertTrue(installation().run());
    assertInstalled();
  }

  @Test
  void serverThatOnlyDrips() throws Exception {
    server.cut = _ -> 10_000;
    server.hangs = true;
    server.drips = true;
    long start = System.nanoTime();
    assertTrue(installation().run());
    assertInstalled();
    assertTrue(System.nanoTime() - start < 9e9, "it does not wait for the whole answer");
  }

  @Test
  void downloadThatFailsForGoodIsResumedByTheNextRun() throws Exception {
    server.cut = answer -> answer == 0 ? 10_000 : 0;
    assertFails(
        "/sets/set.tar.gz broke off after 0.0 MB (the connection ended); run the same command again"
            + " to continue.",
        installation());
    assertEquals(6, server.requests().size());
    assertLeft("set.tar.gz.part", "set.tar.gz.part.version");
    server.cut = _ -> Integer.MAX_VALUE;
    assertTrue(installation().run());
    assertInstalled();
  }

  @Test
  void serverThatIgnoresRanges() throws Exception {
    server.ranges = ArchiveServer.Ranges.IGNORED;
    leavePart(beginning(1000), "\"one\"");
    assertTrue(installation().run());
    assertInstalled();
    assertTrue(
        messages.contains("the server cannot continue a download; downloading from the start"));
  }

  @Test
  void changedFile() throws Exception {
    leavePart(new byte[1000], "\"zero\"");
    assertTrue(installation().run());
    assertInstalled();
    assertTrue(messages.contains("the file on the server has changed; downloading from the start"));
    assertEquals(1, server.requests().size());
  }

  @Test
  void wrongOrRefusedRangesStartAnew() throws Exception {
    server.ranges = ArchiveServer.Ranges.WRONG;
    leavePart(beginning(1000), "\"one\"");
    assertTrue(installation().run());
    assertInstalled();
    assertEquals("/sets/set.tar.gz null null", server.requests().getLast());
    Disk.deleteAll(dir.resolve("set"));
    server.ranges = ArchiveServer.Ranges.KNOWN;
    leavePart(new byte[archive.length + 1], "\"one\"");
    assertTrue(installation().run());
    assertInstalled();
  }

  @Test
  void serverWithoutVersions() throws Exception {
    server.version = null;
    server.cut = _ -> 10_000;
    assertTrue(installation().run());
    assertInstalled();
    assertEquals("/sets/set.tar.gz bytes=10000- null", server.requests().get(1));
  }

  @Test
  void wrongChecksum() throws IOException {
    byte[] other = archive.clone();
    other[other.length / 2] ^= 1;
    server.file = other;
    assertFails("is not what its authors published: its MD5 is ", installation());
    assertLeft();
  }

  @Test
  void serverThatCutsEveryAnswerShort() throws Exception {
    server.cut = _ -> 10;
    assertFails("broke off after 0.0 MB (the connection ended); run the same", installation());
    assertEquals(21, server.requests().size());
    server.cut = _ -> Integer.MAX_VALUE;
    assertTrue(installation().run());
    assertInstalled();
    assertEquals("/sets/set.tar.gz bytes=210- \"one\"", server.requests().getLast());
  }

  @Test
  void serverThatCutsAndCannotContinue() throws IOException {
    server.cut = answer -> 10_000 + answer;
    server.ranges = ArchiveServer.Ranges.IGNORED;
    assertFails(
        "/sets/set.tar.gz breaks off again and again, and the server cannot continue a download;"
            + " name a mirror with --url.",
        installation());
    assertEquals(4, server.requests().size());
  }

  @ParameterizedTest
  @EnumSource
  void serverThatCutsAndChanges(ArchiveServer.Ranges ranges) throws IOException {
    server.cut = answer -> 10_000 + answer;
    server.ranges = ranges;
    server.changes = true;
    assertFails(
        "breaks off again and again, and the file on the server has changed", installation());
    assertTrue(server.requests().size() < 8, server.requests().toString());
  }

  @Test
  void endlessAnswer() throws IOException {
    server.endless = true;
    assertFails(
        "/sets/set.tar.gz is not what its authors published: it does not have %s bytes; name another"
                .formatted(archive.length)
            + " mirror with --url.",
        installation());
    assertLeft();
  }

  @Test
  void otherSize() throws IOException {
    leavePart(beginning(1000), "\"zero\"");
    server.file = beginning(archive.length - 1);
    assertFails("is not what its authors published: it does not have", installation());
    assertLeft("set.tar.gz.part", "set.tar.gz.part.version"); // another mirror may continue it
    assertEquals(1, server.requests().size());
  }

  /** Answers that no HTTP server of the JDK sends. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK|Content-Length: abc||",
        "HTTP/1.1 200 OK|Content-Length: 99999999999999999999||",
        "HTTP/1.1 200 OK|Transfer-Encoding: chunked||abc|",
        "HTTP/1.1 206 OK|Content-Range: bytes 0-9/99999999999999999999||",
        "HTTP/1.1 302 Found|Location: http://[||",
        "hello||",
        "",
      })
  void answersThatAreNotHttp(String answer) throws Exception {
    byte[] bytes = answer.replace("|", "\r\n").getBytes(UTF_8);
    try (ServerSocket raw = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAll(raw, bytes));
      URI base = URI.create("http://localhost:" + raw.getLocalPort());
      String sentence = fails(installation(Archives.source(base, "set.tar.gz", archive)));
      assertTrue(sentence.startsWith(base + "/set.tar.gz "), sentence);
      assertFalse(sentence.contains("abc") || sentence.contains("999"), sentence);
      assertLeft();
    }
  }

  private static void answerAll(ServerSocket raw, byte[] answer) {
    while (true) {
      try (Socket socket = raw.accept()) {
        while (socket.getInputStream().read() != '\n') {} // the first line will do
        socket.getOutputStream().write(answer);
        socket.shutdownOutput();
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        if (raw.isClosed()) {
          return;
        }
      }
    }
  }

  @Test
  void damagedVersion() throws Exception {
    leavePart(beginning(1000), "\"on\0\n\u00e9");
    assertTrue(installation().run());
    assertInstalled();
    assertEquals("/sets/set.tar.gz bytes=1000- null", server.requests().getFirst());
  }

  @Test
  void emptyFolderIsFilled() throws Exception {
    Files.createDirectories(dir.resolve("set"));
    assertTrue(installation().run());
    assertInstalled();
  }

  @Test
  void fileOrLinkInItsPlace() throws IOException {
    Files.createDirectories(dir);
    Path place = Files.writeString(dir.resolve("set"), "a file");
    for (int link = 0; link < 2; link++) {
      String sentence = assertThrows(DataException.class, installation()::run).getMessage();
      assertEquals(
          place
              + " is in the way, since it is not a folder; move it away or choose another"
              + " --data-dir.",
          sentence);
      Files.delete(place);
      Files.createSymbolicLink(place, Path.of("nowhere"));
    }
    assertEquals(List.of(), server.requests());
  }

  @Test
  void serverErrors() throws IOException {
    server.status = 404;
    assertFails(
        "/sets/set.tar.gz answered with status 404 (the file is missing or access is denied);"
            + " name a mirror with --url.",
        installation());
    assertLeft();
    server.status = 503;
    leavePart(beginning(1000), "\"one\"");
    assertFails("status 503 (the server has a problem); try again later", installation());
    assertLeft("set.tar.gz.part", "set.tar.gz.part.version");
  }

  @Test
  void noServer() throws IOException {
    server.close();
    assertFails("cannot be reached (no connection); check the network", installation());
    assertLeft();
    URI nowhere = URI.create("http://no-such-host.invalid");
    assertFails(
        "http://no-such-host.invalid/set.tar.gz cannot be reached (no such host)",
        installation(Archives.source(nowhere, "set.tar.gz", archive)));
  }

  @Test
  void entriesThatLeaveTheFolder() throws IOException {
    Path outside = parent.resolve("evil.txt");
    for (String name : List.of("../evil.txt", "set/../../evil.txt", "../../evil.txt")) {
      String expected = "the archive has an entry '" + name + "' that leaves its folder";
      Map<String, String> files = Map.of(name, "evil");
      assertFails(expected, installation("set.tar.gz", Archives.tarGz(files)));
      assertFails(expected, installation("set.zip", Archives.zip(files)));
      assertFalse(Files.exists(outside));
    }
    Map<String, String> absolute = Map.of(outside.toString(), "evil");
    assertFails("that leaves its folder", installation("set.tar.gz", Archives.tarGz(absolute)));
    assertFails("that leaves its folder", installation("set.zip", Archives.zip(absolute)));
    assertFalse(Files.exists(outside));
    assertFails(
        "set/link that is neither file nor folder",
        installation("set.tar.gz", Archives.tarGzWithLink()));
  }

  @Test
  void archivesOfSomethingElse() throws IOException {
    byte[] text = "no archive".getBytes(UTF_8);
    assertFails("cannot be unpacked", installation("set.tar.gz", text));
    assertFails("cannot be unpacked", installation("set.zip", text));
    byte[] other = Archives.tarGz(Map.of("other/a.txt", "a"));
    assertFails("has no folder set in it", installation("set.tar.gz", other));
  }

  @Test
  void otherProcess() throws IOException {
    Files.createDirectories(dir);
    try (FileChannel channel =
        FileChannel.open(
            dir.resolve(".set.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock();
      assertFails("is being installed by another process; wait until it ends.", installation());
    }
  }

  @Test
  void impossibleFolder() throws IOException {
    Files.writeString(dir, "a file");
    assertFails("there is a file in the way", installation());
  }

  @Test
  void fullDisk() throws Exception {
    Files.createDirectories(dir);
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir.toString()),
        "needs the right to mount a small file system");
    try {
      assertFails("the disk is full; free some space", installation());
      assertTrue(command("mount", "-o", "remount,size=1m", dir.toString()));
      assertTrue(installation().run());
      assertInstalled();
    } finally {
      command("umount", dir.toString());
    }
  }

  private static boolean command(String... words) throws InterruptedException {
    try {
      return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // there is no such command here
    }
  }
}
