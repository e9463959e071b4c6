package baddays

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // to break the database by hand

	"joetz/migrations/pg/pgtest"
)

// A migration fails half-way, at any of its statements: nothing of it stays, the words name it and say why, of two shops that start
// together as of one command, and once the cause is gone the same command goes on where it stopped and ends with the same tables
// as without the failure.
func TestMigrationFailsHalfWay(t *testing.T) {
	t.Parallel()
	tool(t, "postgres")
	dsn := pgtest.EmptyDSN(t)
	db, err := sqlx.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	// A sequence counts the statements: unlike a table it remembers those that were undone.
	db.MustExec(`CREATE SCHEMA trouble; CREATE SEQUENCE trouble.statement; CREATE TABLE trouble.plan (at bigint, upto bigint);
		CREATE FUNCTION trouble.strike() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
			IF EXISTS (SELECT FROM (SELECT nextval('trouble.statement') AS n) s JOIN trouble.plan p ON s.n BETWEEN p.at AND p.upto) THEN
				RAISE EXCEPTION 'the disk made a noise';
			END IF;
		END $$;
		INSERT INTO trouble.plan VALUES (40, 1000000);
		CREATE EVENT TRIGGER strike ON ddl_command_end EXECUTE FUNCTION trouble.strike()`)
	vars := []string{"DATABASE_URL=" + dsn, "SHOP_DATA_DIR=" + t.TempDir()}
	names := regexp.MustCompile(`0\d{3}_\w+\.sql`)
	var together sync.WaitGroup
	var said [2]string
	for i := range said {
		together.Go(func() {
			if _, err := tryStart(t, "127.0.0.1:0", vars...); err != nil {
				said[i] = err.Error()
			}
		})
	}
	together.Wait()
	if name := names.FindString(said[0]); name == "" || names.FindString(said[1]) != name || strings.Count(said[0]+said[1], "the disk made a noise") != 2 {
		t.Fatalf("of two that start together, one says %q, the other %q", said[0], said[1])
	}
	t.Log(said[1])
	db.MustExec(`DELETE FROM trouble.plan; INSERT INTO trouble.plan SELECT last_value + n, last_value + n FROM trouble.statement, unnest(ARRAY[1, 160, 290]) n`)
	failures, version := 0, 0
	for {
		said, ok := command(t, vars, "migrate")
		if ok {
			break
		}
		failures++
		name := names.FindString(said)
		if name == "" || !regexp.MustCompile(`the disk made a noise`).MatchString(said) || failures > 3 {
			t.Fatalf("what is said: %s", said)
		}
		var done int
		if err := db.Get(&done, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`); err != nil || done < version {
			t.Fatal(done, err)
		}
		version = done
		if want := name[:4]; want != fmt.Sprintf("%04d", done+1) {
			t.Errorf("%s failed, and %d is the last that is there", name, done)
		}
		t.Log(name)
	}
	if failures == 0 {
		t.Error("nothing failed")
	}
	db.MustExec(`DROP EVENT TRIGGER strike; DROP SCHEMA trouble CASCADE`)
	whole, err := sqlx.Open("postgres", pgtest.DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Close()
	const shape = `SELECT md5(string_agg(c.table_name || '.' || c.column_name || ' ' || c.data_type || ' ' || c.is_nullable, ',' ORDER BY c.table_name, c.column_name))
		|| (SELECT count(*) FROM pg_constraint) || (SELECT count(*) FROM pg_trigger) || (SELECT count(*) FROM pg_proc) FROM information_schema.columns c WHERE table_schema = 'public'`
	var got, want string
	if err := db.Get(&got, shape); err != nil {
		t.Fatal(err)
	}
	if err := whole.Get(&want, shape); err != nil || got != want {
		t.Errorf("the tables differ: %v", err)
	}
}
