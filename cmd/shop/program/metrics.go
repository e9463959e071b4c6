package program

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"joetz/migrations/pg"
	"joetz/shop/mail"
	"joetz/shop/queue"
)

// metrics are figures for who watches over the shop. They name routes, never addresses, people or answers.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	attempts *prometheus.CounterVec
}

func newMetrics(p *Program) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "shop_http_request_duration_seconds", Help: "How long requests took, by route and status.",
		Buckets: []float64{.002, .005, .01, .025, .05, .1, .2, .5, 1, 2.5, 10},
	}, []string{"method", "route", "status"}), attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "shop_job_attempts_total", Help: "Attempts at jobs that ended in this process, by kind and by how they ended.",
	}, []string{"kind", "outcome"})}
	m.registry.MustRegister(m.requests, m.attempts, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewDBStatsCollector(p.DB.DB.DB, "shop"), standing{p})
	return m
}

// observe counts a request.
func (p *Program) observe(method, route string, status int, took time.Duration) {
	p.metrics.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
	if p.stopping.Load() {
		p.leaving.heard(route)
	}
}

// attempted counts an attempt at a job; a command beside the shop has no figures.
func (p *Program) attempted(kind string, how queue.Outcome) {
	if p.metrics != nil {
		p.metrics.attempts.WithLabelValues(kind, string(how)).Inc()
	}
}

// standing counts what waits in the database at each look, which is the same answer from every process, and what this process is at.
type standing struct{ p *Program }

var (
	jobsWorking = prometheus.NewDesc("shop_jobs_running", "Handlers of jobs that are at work in this process.", nil, nil)
	jobsLongest = prometheus.NewDesc("shop_jobs_running_longest_seconds", "How long the handler that began first has been at work in this process.", nil, nil)
	jobsStuck   = prometheus.NewDesc("shop_jobs_stuck", "Handlers of this process that go on though their time is over: only its end stops them.", nil, nil)
	clockAhead  = prometheus.NewDesc("shop_clock_ahead_seconds", "How far this machine's clock is ahead of the database's; 0 where they cannot be told apart.", nil, nil)
	jobsWaiting = prometheus.NewDesc("shop_jobs_due", "Jobs that are due and not done.", nil, nil)
	jobsOldest  = prometheus.NewDesc("shop_jobs_oldest_seconds", "How long the longest waiting due job has been due.", nil, nil)
	jobsDead    = prometheus.NewDesc("shop_jobs_dead", "Jobs that were given up: a person decides.", nil, nil)
	mailWaiting = prometheus.NewDesc("shop_mails_waiting", "Mails that are not sent yet.", nil, nil)
	mailDead    = prometheus.NewDesc("shop_mails_refused", "Mails that a server refused for good.", nil, nil)
	writable    = prometheus.NewDesc("shop_database_writable", "1 when the database takes changes: a replica, or a server that was put to reading only, does not.", nil, nil)
	newestSaved = prometheus.NewDesc("shop_backup_newest_timestamp_seconds", "When the newest file in SHOP_BACKUP_DIR was written, in Unix time; 0 when there is none.", nil, nil)
	databaseUp  = prometheus.NewDesc("shop_database_up", "1 when the database answers.", nil, nil)
)

// Describe names the figures.
func (standing) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{jobsWorking, jobsLongest, jobsStuck, clockAhead, jobsWaiting, jobsOldest, jobsDead, mailWaiting, mailDead, writable, newestSaved, databaseUp} {
		out <- d
	}
}

// Collect reads the figures; without a database only that is told.
func (s standing) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64) { out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	var working queue.Working
	for _, r := range s.p.runners {
		working = r.Working(working)
	}
	gauge(jobsWorking, float64(working.Handlers))
	gauge(jobsLongest, working.Longest.Seconds())
	gauge(jobsStuck, float64(working.Stuck))
	jobs, err := queue.StandingAt(ctx, s.p.DB.DB, s.p.Now())
	mails, mailErr := mail.StandingOf(ctx, s.p.DB.DB)
	if dir := s.p.cfg.BackupDir; dir != "" {
		saved := 0.0
		if _, info, err := NewestBackup(dir); err == nil && info != nil {
			saved = float64(info.ModTime().Unix())
		}
		gauge(newestSaved, saved)
	}
	looked, lookErr := pg.Look(ctx, s.p.DB.DB, time.Now)
	if err = errors.Join(err, mailErr, lookErr); err != nil {
		s.p.log.Warn("no figures of the database", "error", err)
		gauge(databaseUp, 0)
		return
	}
	gauge(databaseUp, 1)
	if looked.Writable {
		gauge(writable, 1)
	} else {
		gauge(writable, 0)
	}
	gauge(clockAhead, looked.ClockAhead.Seconds())
	gauge(jobsWaiting, float64(jobs.Waiting))
	gauge(jobsOldest, jobs.Oldest.Seconds())
	gauge(jobsDead, float64(jobs.Dead))
	gauge(mailWaiting, float64(mails.Waiting))
	gauge(mailDead, float64(mails.Refused))
}

// compareClocks tells the log when the machine's clock is wrong, or the database's. The shop goes by its own for everything but how long
// a process keeps a job, so a wrong one does harm where several shops share a database.
func (p *Program) compareClocks(ctx context.Context) {
	looked, err := pg.Look(ctx, p.DB.DB, time.Now)
	if err == nil && looked.ClockAhead.Abs() > pg.ClockPatience {
		p.log.Error("this machine's clock and the database's differ: set both by NTP", "ahead", looked.ClockAhead.Round(time.Second))
	}
}

// runMetrics serves the figures on an address of their own, which the world does not reach.
func (p *Program) runMetrics(ctx context.Context) error {
	if p.watched == nil {
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.metrics.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close() // who reads figures asks again
	}()
	if err := server.Serve(p.watched); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
